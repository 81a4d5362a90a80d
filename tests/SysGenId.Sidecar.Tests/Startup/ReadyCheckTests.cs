using SysGenId.Core.CounterPage;
using SysGenId.Sidecar.Startup;
using SysGenId.Sidecar.Tests.Fixture;
using SysGenId.TestSupport;

namespace SysGenId.Sidecar.Tests.Startup;

public sealed class ReadyCheckTests
{
    [Fact]
    public async Task A_sidecar_that_serves_is_ready()
    {
        using var sidecar = SidecarUnderTest.At(7);
        await sidecar.ServesAsync();
        Assert.Equal((ReadyOutcome.Ready, $"The sidecar is ready at {sidecar.Directory}."), Check(sidecar.Directory));
    }

    [Fact]
    public async Task The_look_leaves_no_watcher_behind()
    {
        using var sidecar = SidecarUnderTest.At(7);
        await sidecar.ServesAsync();
        Assert.Equal(ReadyOutcome.Ready, Check(sidecar.Directory).Outcome);
        await sidecar.CountsAsync(0, 0);
    }

    [Fact]
    public void Without_a_page_it_is_not()
    {
        using var directory = new TemporaryDirectory();
        var (outcome, sentence) = Check(directory.Path);
        Assert.Equal(ReadyOutcome.PageMissing, outcome);
        Assert.Equal(
            $"There is no counter page at {directory.File("generation")} (ENOENT): the sidecar has not begun to serve, and its log says why.", sentence);
    }

    [Fact]
    public void A_page_without_sockets_is_not_enough()
    {
        using var directory = new TemporaryDirectory();
        using var page = CounterPageWriter.Open(directory.File("generation"));
        var (outcome, sentence) = Check(directory.Path);
        Assert.Equal(ReadyOutcome.SocketsClosed, outcome);
        Assert.StartsWith("Nobody accepts at ", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Sockets_a_dead_sidecar_left_do_not_count()
    {
        using var directory = new TemporaryDirectory();
        using var page = CounterPageWriter.Open(directory.File("generation"));
        new FakeAgent(directory.File("gone.sock")).Dispose();
        foreach (var name in new[] { "watch.sock", "control.sock" })
        {
            using var socket = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, 0);
            socket.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(directory.File(name)));
        }

        Assert.Equal(ReadyOutcome.SocketsClosed, Check(directory.Path).Outcome);
    }

    [Theory]
    [InlineData("it has no mark of ours", 4096, 0x124)]
    [InlineData("it is 5 bytes long, not 4096", 5, 0x124)]
    [InlineData("its mode is 0600, not 0444", 4096, 0x180)]
    public void What_not_every_program_could_use_is_told(string detail, int length, int mode)
    {
        using var directory = new TemporaryDirectory();
        var path = directory.File("generation");
        File.WriteAllBytes(path, new byte[length]);
        File.SetUnixFileMode(path, (UnixFileMode)mode);
        Assert.Equal(
            (ReadyOutcome.PageUnusable, $"{path} is no counter page that every program can use ({detail}): remove it and restart the sidecar."),
            Check(directory.Path));
    }

    [Fact]
    public void A_directory_in_the_place_of_the_page_is_told()
    {
        using var directory = new TemporaryDirectory();
        Directory.CreateDirectory(directory.File("generation"));
        Assert.Contains("it is not a regular file", Check(directory.Path).Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task S22_while_a_checkpoint_is_taken_it_is_not_ready()
    {
        using var sidecar = SidecarUnderTest.At(7);
        await sidecar.ServesAsync();
        sidecar.Link.Quiesce("one");
        Assert.Equal(ReadyOutcome.Quiesced, Check(sidecar.Directory).Outcome);
        sidecar.Link.Resume("one");
        await Eventually.HoldsAsync(() => Check(sidecar.Directory).Outcome == ReadyOutcome.Ready);
    }

    [Fact]
    public async Task S27_where_the_gate_is_asked_for_it_must_be_proven()
    {
        using var sidecar = SidecarUnderTest.At(7);
        await sidecar.ServesAsync();
        var (outcome, sentence) = Check(sidecar.Directory, gate: true);
        Assert.Equal(ReadyOutcome.GateNotProven, outcome);
        Assert.Contains("condition GateProven of the node's systemgeneration says why", sentence, StringComparison.Ordinal);
        sidecar.Link.Deliver(8, gateProven: true);
        Assert.Equal(ReadyOutcome.Ready, Check(sidecar.Directory, gate: true).Outcome);
    }

    [Fact]
    public async Task S27_without_an_agent_nothing_vouches_for_the_gate()
    {
        using var sidecar = SidecarUnderTest.At(7);
        sidecar.Link.Deliver(8, gateProven: true);
        await sidecar.ServesAsync();
        sidecar.RestartAgent();
        await Eventually.HoldsAsync(() => Check(sidecar.Directory, gate: true).Outcome == ReadyOutcome.AgentAway);
        Assert.Equal(ReadyOutcome.Ready, Check(sidecar.Directory).Outcome);
    }

    [Fact]
    public async Task It_waits_for_what_is_missing()
    {
        using var sidecar = SidecarUnderTest.At(7);
        await sidecar.ServesAsync();
        var options = new ReadyOptions { Directory = sidecar.Directory, RequireGate = true, Wait = Eventually.Patience };
        var check = Task.Run(() => new ReadyCheck(options, TimeProvider.System).Run());
        sidecar.Link.Deliver(8, gateProven: true);
        Assert.Equal(ReadyOutcome.Ready, (await check).Outcome);
    }

    [Fact]
    public void Its_patience_ends()
    {
        using var directory = new TemporaryDirectory();
        var options = new ReadyOptions { Directory = directory.Path, Wait = TimeSpan.FromMilliseconds(50) };
        Assert.Equal(ReadyOutcome.PageMissing, new ReadyCheck(options, TimeProvider.System).Run().Outcome);
    }

    private static (ReadyOutcome Outcome, string Sentence) Check(string directory, bool gate = false) =>
        new ReadyCheck(new ReadyOptions { Directory = directory, RequireGate = gate }, TimeProvider.System).Run();
}
