using System.Globalization;
using Prometheus;

namespace SysGenId.Operator.Observability;

/// <summary>Counts requests to the API server. Thread-safe.</summary>
internal sealed class ApiRequestMetrics
{
    /// <summary>The code of a request that got no answer.</summary>
    public const string NoAnswer = "none";

    private static readonly double[] _buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

    private readonly Counter _requests;
    private readonly Histogram _durations;

    public ApiRequestMetrics(MetricSet metrics)
    {
        _requests = metrics.Counter(
            MetricNames.ApiRequests, "Requests to the API server, by verb, resource and HTTP status code.", "verb", "resource", "code");
        _durations = metrics.Histogram(
            MetricNames.ApiRequestDuration, "Time from a request to the API server to the head of its answer; a watch counts until it is open.", _buckets);
    }

    /// <param name="request">What was asked.</param>
    /// <param name="status">The answer's status; null when there was none.</param>
    /// <param name="elapsed">From the request to the answer's head.</param>
    public void Answered(ApiRequest request, int? status, TimeSpan elapsed)
    {
        _requests.WithLabels(request.Verb, request.Resource, Code(status)).Inc();
        _durations.Observe(elapsed.TotalSeconds);
    }

    private static string Code(int? status) => status switch
    {
        null => NoAnswer,
        >= 100 and < 600 => status.Value.ToString(CultureInfo.InvariantCulture),
        _ => ApiRequest.Other,
    };
}
