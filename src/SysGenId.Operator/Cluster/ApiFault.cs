using System.Globalization;
using System.Net;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace SysGenId.Operator.Cluster;

/// <summary>Why a request to the API server came to nothing.</summary>
/// <param name="Status">The HTTP status; null when there was no answer.</param>
/// <param name="Reason">The server's word for it, such as <c>Conflict</c>; <c>Unreachable</c> when there was no answer.</param>
/// <param name="Message">A sentence for people.</param>
/// <param name="RetryAfter">How long the server asked to be left alone.</param>
internal sealed record ApiFault(HttpStatusCode? Status, string Reason, string Message, TimeSpan? RetryAfter)
{
    public const string Unreachable = "Unreachable";

    public bool IsNotFound => Status is HttpStatusCode.NotFound;

    /// <summary>Somebody else wrote first, or the object is already there.</summary>
    public bool IsConflict => Status is HttpStatusCode.Conflict;

    /// <summary>The resource version asked for is no longer known: list again.</summary>
    public bool IsExpired => Status is HttpStatusCode.Gone;

    /// <summary>The same request may succeed later: there was no answer, or the server is busy, ill or does not know us yet.</summary>
    public bool IsTransient => Status is null or HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or HttpStatusCode.Unauthorized or >= (HttpStatusCode)500;

    /// <summary>
    /// Reads an exception of a request; null when it is none: a bug, or the caller's own cancellation.
    /// Use: <c>catch (Exception e) when (ApiFault.Of(e, token) is { } fault)</c>.
    /// </summary>
    /// <param name="exception">What a request threw.</param>
    /// <param name="cancellation">The token that the caller gave to the request.</param>
    public static ApiFault? Of(Exception exception, CancellationToken cancellation)
    {
        switch (exception)
        {
            case OperationCanceledException when cancellation.IsCancellationRequested:
                return null;
            case HttpOperationException { Response: { } response }:
                return Of(response);
            case KubernetesException { Status: { } status }:
                return Of(status);
            case OperationCanceledException or TimeoutException:
                return new(null, Unreachable, "The API server did not answer in time.", null);
            case HttpRequestException or IOException or UnauthorizedAccessException: // The last: of a token file.
                return new(null, Unreachable, $"The API server cannot be reached: {Innermost(exception).Message}", null);
            default:
                return null;
        }
    }

    /// <summary>Reads the status object that ends a watch.</summary>
    public static ApiFault Of(V1Status status) =>
        new((HttpStatusCode)(status.Code ?? 0), status.Reason ?? "", status.Message ?? "", Seconds(status.Details?.RetryAfterSeconds));

    private static ApiFault Of(HttpResponseMessageWrapper response)
    {
        var status = StatusObject(response.Content);
        var retryAfter = response.Headers.TryGetValue("Retry-After", out var values)
            && int.TryParse(values.FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? seconds : status?.Details?.RetryAfterSeconds;
        return new(response.StatusCode, status?.Reason ?? response.ReasonPhrase ?? "", status?.Message ?? $"The API server answered {(int)response.StatusCode}.", Seconds(retryAfter));
    }

    private static V1Status? StatusObject(string? content)
    {
        try
        {
            return string.IsNullOrEmpty(content) ? null : KubernetesJson.Deserialize<V1Status>(content);
        }
        catch (Exception e) when (e is System.Text.Json.JsonException or FormatException or InvalidOperationException)
        {
            return null; // Something between us and the server answered in its own words.
        }
    }

    private static TimeSpan? Seconds(int? seconds) => seconds is > 0 ? TimeSpan.FromSeconds(seconds.Value) : null;

    private static Exception Innermost(Exception exception) => exception.InnerException is { } inner ? Innermost(inner) : exception;
}
