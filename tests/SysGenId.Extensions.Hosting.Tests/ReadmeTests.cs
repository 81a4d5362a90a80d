using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using SysGenId.Client;
using SysGenId.TestSupport;

namespace SysGenId.Extensions.Hosting.Tests;

/// <summary>The package's README.</summary>
public sealed partial class ReadmeTests
{
    private static readonly GenerationChange _change = new(default, 0, IsStart: false);

    private static readonly string _readme = File.ReadAllText(Path.Join(ToolPaths.Repository, "src/SysGenId.Extensions.Hosting/README.md"));

    [Fact]
    public void Its_code_is_that_which_is_compiled_here()
    {
        var compiled = Unindented(File.ReadAllText(Path.Join(ToolPaths.Repository, "tests/SysGenId.Extensions.Hosting.Tests/ReadmeSnippets.cs")));
        var blocks = CodeBlocks().Matches(_readme).Select(match => Unindented(match.Groups[1].Value)).ToList();
        Assert.Equal(5, blocks.Count);
        Assert.All(blocks, block => Assert.Contains(block, compiled, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("RetryDelay", "200 ms")]
    [InlineData("MaximumRetryDelay", "30 s")]
    [InlineData("OutdatedThreshold", "10 s")]
    [InlineData("FailuresUntilUnhealthy", "3")]
    public void The_defaults_it_names_are_those_of_the_options(string option, string value)
    {
        Assert.Contains($"`{option}` ({value})", _readme, StringComparison.Ordinal);
        var (rounds, health) = (new SystemGenerationOptions(), new SystemGenerationHealthOptions());
        Assert.Equal(value, option switch
        {
            "RetryDelay" => $"{rounds.RetryDelay.TotalMilliseconds} ms",
            "MaximumRetryDelay" => $"{rounds.MaximumRetryDelay.TotalSeconds} s",
            "OutdatedThreshold" => $"{health.OutdatedThreshold.TotalSeconds} s",
            _ => $"{health.FailuresUntilUnhealthy}",
        });
    }

    [Fact]
    public async Task Its_application_starts_up_to_where_nothing_is_mounted()
    {
        using var empty = new TemporaryDirectory();
        var builder = ReadmeSnippets.Wire([]);
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSystemGeneration(options => options.Watcher = new GenerationWatcherOptions { Directory = empty.Path });
        await using var application = builder.Build();
        await Assert.ThrowsAsync<SystemGenerationUnavailableException>(() => application.StartAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Its_signing_key_is_another_after_a_change()
    {
        var handler = new ReadmeSnippets.SigningKey();
        var before = handler.Current.ExportSubjectPublicKeyInfo();
        await handler.HandleAsync(_change, TestContext.Current.CancellationToken);
        Assert.NotEqual(before, handler.Current.ExportSubjectPublicKeyInfo());
    }

    [Fact]
    public async Task Its_connections_are_other_ones_after_a_change()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var handler = new ReadmeSnippets.RenewedConnections();
        using var client = new HttpClient(handler);
        var uri = new Uri($"http://{listener.LocalEndpoint}/");

        using var first = await AnswerAsync(listener, client.GetAsync(uri, TestContext.Current.CancellationToken));
        await handler.HandleAsync(_change, TestContext.Current.CancellationToken);

        // On the first connection it would never be answered.
        using var second = await AnswerAsync(listener, client.GetAsync(uri, TestContext.Current.CancellationToken));
    }

    /// <summary>Accepts a connection and answers the request that is read there.</summary>
    private static async Task<TcpClient> AnswerAsync(TcpListener listener, Task<HttpResponseMessage> request)
    {
        var connection = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Eventually.Patience, TimeProvider.System, TestContext.Current.CancellationToken);
        var stream = connection.GetStream();
        Assert.NotEqual(0, await stream.ReadAsync(new byte[4096], TestContext.Current.CancellationToken));
        await stream.WriteAsync(Encoding.ASCII.GetBytes("HTTP/1.1 204 No Content\r\n\r\n"), TestContext.Current.CancellationToken);
        Assert.Equal(StatusCodes.Status204NoContent, (int)(await request).StatusCode);
        return connection;
    }

    private static string Unindented(string code) => string.Join('\n', code.Split('\n').Select(line => line.Trim())).Trim();

    [GeneratedRegex("^```csharp\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CodeBlocks();
}
