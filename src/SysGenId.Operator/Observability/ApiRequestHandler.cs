namespace SysGenId.Operator.Observability;

/// <summary>Put between client and API server: counts what passes. One for each client, since it holds the next handler.</summary>
internal sealed class ApiRequestHandler(ApiRequestMetrics metrics, TimeProvider clock) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        int? status = null;
        try
        {
            var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
            status = (int)response.StatusCode;
            return response;
        }
        finally
        {
            metrics.Answered(ApiRequest.Of(request.Method, request.RequestUri), status, clock.GetElapsedTime(started));
        }
    }
}
