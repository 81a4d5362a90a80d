using System.Net;
using System.Text;
using SysGenId.Operator.Cluster;
using SysGenId.TestSupport;

namespace SysGenId.Operator.Tests.Cluster;

/// <summary>An API server of which a test writes every answer.</summary>
internal sealed class ScriptedApi : DelegatingHandler
{
    private readonly Func<Request, CancellationToken, Task<HttpResponseMessage>> _answer;
    private readonly List<Request> _requests = [];

    private ScriptedApi(Func<Request, CancellationToken, Task<HttpResponseMessage>> answer)
    {
        _answer = answer;
    }

    public sealed record Request(string Method, string Uri, string Body)
    {
        public bool IsWatch => Uri.Contains("watch=true", StringComparison.Ordinal);
    }

    public IReadOnlyList<Request> Requests
    {
        get
        {
            lock (_requests) return [.. _requests];
        }
    }

    public static ScriptedApi Answering(Func<Request, HttpResponseMessage> answer) => new((request, _) => Task.FromResult(answer(request)));

    public static ScriptedApi Answering(Func<Request, CancellationToken, Task<HttpResponseMessage>> answer) => new(answer);

    /// <summary>A connection to it.</summary>
    public ClusterConnection Connect(TimeSpan? requestTimeout = null)
    {
        using var directory = new TemporaryDirectory();
        var path = directory.File("kubeconfig");
        File.WriteAllText(path, KubeconfigText.Of("https://127.0.0.1:1", "token: secret"));
        return ClusterConnection.Open(new ClusterOptions { Kubeconfig = path, RequestTimeout = requestTimeout ?? new ClusterOptions().RequestTimeout }, this);
    }

    public static HttpResponseMessage Json(string body, HttpStatusCode status = HttpStatusCode.OK) =>
        new(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };

    /// <summary>A list of SystemGenerations, as name@version.</summary>
    public static HttpResponseMessage List(string version, params string[] objects) =>
        Json($$"""{"metadata":{"resourceVersion":"{{version}}" },"items":[{{string.Join(',', objects.Select(Object))}}] }""");

    /// <summary>Lines of a watch that then ends.</summary>
    public static HttpResponseMessage Watch(params string[] lines) => Json(string.Concat(lines.Select(line => line + "\n")));

    public static string Line(string type, string named) => $$"""{"type":"{{type}}","object":{{Object(named)}} }""";

    /// <summary>The JSON of an object written as name@version or name@version@uid.</summary>
    public static string Object(string named)
    {
        var parts = named.Split('@');
        return $$"""
            {"apiVersion":"sysgenid.io/v1alpha1","kind":"SystemGeneration","metadata":{"name":"{{parts[0]}}","resourceVersion":"{{parts[1]}}","uid":"{{parts.ElementAtOrDefault(2) ?? parts[0]}}" },"spec":{} }
            """;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        var seen = new Request(request.Method.Method, request.RequestUri!.PathAndQuery, body);
        lock (_requests) _requests.Add(seen);
        return await _answer(seen, cancellationToken);
    }
}
