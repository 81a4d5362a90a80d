namespace SysGenId.Cluster.Tests.Harness;

/// <summary>
/// For the tests' own requests to a server that drops connections: one that meets the end of a dropped connection, of which
/// the client had not heard yet, is sent again. What is tested has clients of its own.
/// </summary>
internal sealed class ResetRetry : DelegatingHandler
{
    private const int Attempts = 5;

    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(100);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await base.SendAsync(request, cancellationToken);
            }
            catch (HttpRequestException e) when (e.InnerException is IOException && attempt < Attempts && !DropsConnections(request))
            {
                // On another connection, and not on one that is being made while they are all dropped.
                await Task.Delay(_pause * attempt, TimeProvider.System, cancellationToken);
            }
        }
    }

    private static bool DropsConnections(HttpRequestMessage request) =>
        request.RequestUri!.AbsolutePath.EndsWith("/drop-connections", StringComparison.Ordinal);
}
