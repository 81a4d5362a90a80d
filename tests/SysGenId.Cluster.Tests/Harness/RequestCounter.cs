namespace SysGenId.Cluster.Tests.Harness;

/// <summary>Sees every request of a connection, and when it was sent.</summary>
internal sealed class RequestCounter : DelegatingHandler
{
    private readonly List<(string Method, string Uri, long At)> _requests = [];

    /// <summary>Done before a request is sent; gets how many came before it.</summary>
    public Func<int, Task>? Before { get; set; }

    /// <summary>All requests so far, as method and path with query.</summary>
    public IReadOnlyList<string> Requests
    {
        get
        {
            lock (_requests) return [.. _requests.Select(request => $"{request.Method} {request.Uri}")];
        }
    }

    public IReadOnlyList<string> Watches => [.. Requests.Where(IsWatch)];

    /// <summary>Reads that are no watches.</summary>
    public IReadOnlyList<string> Lists => [.. Requests.Where(request => request.StartsWith("GET", StringComparison.Ordinal) && !IsWatch(request))];

    /// <summary>From each request to the next.</summary>
    public IReadOnlyList<TimeSpan> Gaps
    {
        get
        {
            lock (_requests)
                return [.. _requests.Zip(_requests.Skip(1), (one, next) => TimeProvider.System.GetElapsedTime(one.At, next.At))];
        }
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        int earlier;
        lock (_requests)
        {
            earlier = _requests.Count;
            _requests.Add((request.Method.Method, request.RequestUri!.PathAndQuery, TimeProvider.System.GetTimestamp()));
        }

        if (Before is { } before) await before(earlier);
        return await base.SendAsync(request, cancellationToken);
    }

    private static bool IsWatch(string request) => request.Contains("watch=true", StringComparison.Ordinal);
}
