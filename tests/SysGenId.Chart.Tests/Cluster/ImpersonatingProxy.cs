using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using SysGenId.TestSupport;

namespace SysGenId.Chart.Tests.Cluster;

/// <summary>
/// In front of an API server: whoever comes through it is a given service account, on a given node. That is what the token
/// of a pod says on Kubernetes 1.30 and newer; the test API server's tokens name no node.
/// </summary>
internal sealed class ImpersonatingProxy : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly HttpClient _server;
    private readonly Kubeconfig _upstream;
    private readonly Identity _identity;

    private ImpersonatingProxy(Kubeconfig upstream, Identity identity, string kubeconfig)
    {
        (_upstream, _identity, Kubeconfig) = (upstream, identity, kubeconfig);
        _server = new HttpClient(new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, certificate, _, _) => IsTrusted(certificate) },
        })
        {
            BaseAddress = upstream.Server,
            Timeout = Timeout.InfiniteTimeSpan,
        };
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _application = builder.Build();
        _application.Run(ForwardAsync);
    }

    /// <summary>Where it listens.</summary>
    public string Address => _application.Urls.Single();

    public static async Task<ImpersonatingProxy> StartAsync(Kubeconfig upstream, Identity identity, TemporaryDirectory files)
    {
        var proxy = new ImpersonatingProxy(upstream, identity, files.File($"{Guid.NewGuid():N}.kubeconfig"));
        await proxy._application.StartAsync();
        await File.WriteAllTextAsync(proxy.Kubeconfig, $$"""
            apiVersion: v1
            kind: Config
            current-context: proxy
            clusters:
              - name: proxy
                cluster: {server: "{{proxy.Address}}"}
            users:
              - name: proxy
                user: {token: none}
            contexts:
              - name: proxy
                context: {cluster: proxy, user: proxy, namespace: "{{identity.Namespace}}"}
            """);
        return proxy;
    }

    /// <summary>For a process that is to be this identity.</summary>
    public string Kubeconfig { get; }

    /// <summary>A merge patch and nothing before it: kubectl reads first what it patches. Fails with the server's message.</summary>
    public async Task<CommandResult> PatchAsync(string path, string patch)
    {
        using var client = new HttpClient { BaseAddress = new Uri(Address) };
        using var content = new StringContent(patch, System.Text.Encoding.UTF8, "application/merge-patch+json");
        using var response = await client.PatchAsync(new Uri(path, UriKind.Relative), content);
        var body = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode
            ? new CommandResult($"PATCH {path}", 0, body, "")
            : new CommandResult($"PATCH {path}", 1, "", (string)JsonNode.Parse(body)!["message"]!);
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.Zero, TimeProvider.System);
        await _application.StopAsync(now.Token);
        await _application.DisposeAsync();
        _server.Dispose();
    }

    private async Task ForwardAsync(HttpContext context)
    {
        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), context.Request.Path + context.Request.QueryString);
        if (context.Request.ContentType is { } type)
        {
            request.Content = new StreamContent(context.Request.Body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        request.Headers.TryAddWithoutValidation("Accept", context.Request.Headers.Accept.ToString());
        request.Headers.TryAddWithoutValidation("User-Agent", context.Request.Headers.UserAgent.ToString());
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {_upstream.Token}");
        foreach (var (name, value) in _identity.Headers()) request.Headers.TryAddWithoutValidation(name, value);

        try
        {
            using var response = await _server.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
            context.Response.StatusCode = (int)response.StatusCode;
            context.Response.ContentType = response.Content.Headers.ContentType?.ToString();
            await context.Response.StartAsync(context.RequestAborted);
            await PourAsync(await response.Content.ReadAsStreamAsync(context.RequestAborted), context);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            context.Abort(); // Either end has gone: so does the other.
        }
    }

    // A watch is read event by event: nothing may be held back.
    private static async Task PourAsync(Stream source, HttpContext context)
    {
        var buffer = new byte[64 * 1024];
        while (await source.ReadAsync(buffer, context.RequestAborted) is var count and > 0)
        {
            await context.Response.Body.WriteAsync(buffer.AsMemory(0, count), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }
    }

    private bool IsTrusted(X509Certificate? certificate)
    {
        using var chain = new X509Chain { ChainPolicy = { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck } };
        chain.ChainPolicy.CustomTrustStore.Add(_upstream.Authority);
        return certificate is X509Certificate2 presented && chain.Build(presented);
    }
}
