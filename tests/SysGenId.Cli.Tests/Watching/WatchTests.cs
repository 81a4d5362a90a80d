using System.Text.Json;
using SysGenId.Core.CounterPage;
using SysGenId.Core.Generations;
using SysGenId.TestSupport;

namespace SysGenId.Cli.Tests.Watching;

public sealed class WatchTests : IDisposable
{
    private static readonly Guid _id = new("0b8c5a4e-52d7-4b1e-9c53-6f1f3b6d2a10");

    private readonly TemporaryDirectory _directory = new();

    private string Socket => _directory.File("node.sock");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task It_shows_the_current_generation_and_then_every_change()
    {
        using var page = CounterPageWriter.Open(_directory.File("generation"));
        page.Publish(Content(41));
        var (run, end) = CommandRun.Start("watch", "--socket", Socket, "--count", "2");
        await Eventually.HoldsAsync(() => Lines(run) == 2);
        page.Publish(Content(42) with { Cause = GenerationCause.ContainerRestored });
        await Eventually.HoldsAsync(() => Lines(run) == 3);
        page.Publish(Content(4_294_967_295));
        await end.WaitAsync(Eventually.Patience, TestContext.Current.CancellationToken);
        Golden.Matches("watch-page", run.Everything);
    }

    [Fact]
    public void A_page_that_was_never_published_to_shows_generation_0()
    {
        using var page = CounterPageWriter.Open(_directory.File("generation"));
        Golden.Matches("watch-page-new", CommandRun.Of("watch", "--socket", Socket, "--count", "0").Everything);
    }

    [Fact]
    public async Task Programs_get_one_object_for_each_change()
    {
        using var page = CounterPageWriter.Open(_directory.File("generation"));
        page.Publish(Content(41));
        var (run, end) = CommandRun.Start("watch", "--socket", Socket, "--count", "1", "--output", "json");
        await Eventually.HoldsAsync(() => Lines(run) == 1);
        page.Publish(Content(42));
        await end.WaitAsync(Eventually.Patience, TestContext.Current.CancellationToken);
        Assert.Equal(ExitCode.Success, run.ExitCode);
        Assert.Equal([41u, 42u], run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Generation));
        Assert.StartsWith($$"""{"generation":41,"id":"{{_id}}","cause":"Forced","timeNs":{{FixedDate.ThreeMinutesAgoNs}}}""" + "\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_goes_on_over_a_restart_of_the_pages_owner()
    {
        using (var first = CounterPageWriter.Open(_directory.File("generation"))) first.Publish(Content(41));
        var (run, end) = CommandRun.Start("watch", "--socket", Socket, "--count", "1", "--output", "json");
        await Eventually.HoldsAsync(() => Lines(run) == 1);
        using var second = CounterPageWriter.Open(_directory.File("generation"));
        second.Publish(Content(42));
        await end.WaitAsync(Eventually.Patience, TestContext.Current.CancellationToken);
        Assert.Equal([41u, 42u], run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Generation));
    }

    [Fact]
    public async Task It_follows_a_page_that_was_removed_and_made_anew()
    {
        using (var first = CounterPageWriter.Open(_directory.File("generation"))) first.Publish(Content(41));
        var (run, end) = CommandRun.Start("watch", "--socket", Socket, "--count", "1", "--output", "json");
        await Eventually.HoldsAsync(() => Lines(run) == 1);
        File.Delete(_directory.File("generation"));
        using var second = CounterPageWriter.Open(_directory.File("new"));
        second.Publish(Content(50));
        File.Move(_directory.File("new"), _directory.File("generation")); // Until then it would show generation 0.
        await end.WaitAsync(Eventually.Patience, TestContext.Current.CancellationToken);
        Assert.Equal([41u, 50u], run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Generation));
    }

    [Fact]
    public async Task Without_a_page_it_follows_the_watch_socket_and_acks()
    {
        using var server = new FakeWatchSocket(_directory.File("watch.sock"));
        var (run, end) = CommandRun.Start("watch", "--socket", _directory.File("control.sock"), "--count", "2", "--output", "json");
        using (var first = await server.AcceptAsync())
        {
            await first.SendAsync(41);
            Assert.Equal(41u, await first.ReceiveAsync());
            await first.SendAsync(42);
            Assert.Equal(42u, await first.ReceiveAsync());
        }

        // S22, S23: the stream ended, the watcher comes back and says what it handled last.
        using (var second = await server.AcceptAsync())
        {
            Assert.Equal(42u, await second.ReceiveAsync());
            await second.SendAsync(42);
            Assert.Equal(42u, await second.ReceiveAsync());
            await second.SendAsync(43);
            Assert.Equal(43u, await second.ReceiveAsync());
        }

        await end.WaitAsync(Eventually.Patience, TestContext.Current.CancellationToken);
        Assert.Equal([41u, 42u, 43u], run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Generation));
    }

    [Fact]
    public void Where_there_is_nothing_it_says_so()
    {
        var run = CommandRun.Of("watch", "--socket", "/nonexistent/node.sock");
        Assert.Equal(ExitCode.NoAnswer, run.ExitCode);
        Assert.StartsWith("sysgenid: There is nothing to watch at /nonexistent/generation (ENOENT).\n", run.Errors, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    [Fact]
    public void A_file_that_is_no_page_is_said_to_be_none()
    {
        File.WriteAllBytes(_directory.File("generation"), new byte[4096]);
        var run = CommandRun.Of("watch", "--socket", Socket);
        Assert.Equal(ExitCode.Failed, run.ExitCode);
        Assert.Contains("is not a counter page of SysGenId", run.Errors, StringComparison.Ordinal);
    }

    private static PageContent Content(uint generation) => new(generation, _id, FixedDate.ThreeMinutesAgoNs, GenerationCause.Forced);

    private static int Lines(CommandRun run) => run.Output.Count(character => character == '\n');

    private static uint Generation(string line) => JsonDocument.Parse(line).RootElement.GetProperty("generation").GetUInt32();
}
