namespace SysGenId.Operator.Control.Leadership;

/// <summary>
/// Stands between a leader's work and the API server: once the term is over nothing is written any more, not even by work
/// that has yet to hear of it, such as that of a process that was stopped for a while.
/// </summary>
internal sealed class LeaderFence(LeaderTerm term) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        request.Method == HttpMethod.Get || term.IsHeld
            ? base.SendAsync(request, cancellationToken)
            : throw new HttpRequestException("This replica no longer leads.");
}
