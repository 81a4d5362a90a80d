using SysGenId.Core;
using SysGenId.Operator.Node.Gate;
using SysGenId.Operator.Node.HookInstallation;
using SysGenId.TestSupport;
using SysGenId.TestSupport.Nodes;
using NodeOptions = SysGenId.Operator.Node.NodeOptions;

namespace SysGenId.Operator.Tests.Gate;

/// <summary>The proof with CRIU itself, and an agent that is this test: its children are the CRIUs.</summary>
public sealed class GateProbeTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly TemporaryDirectory _disk = TemporaryDirectory.OnDisk();

    public GateProbeTests()
    {
        Requires.CheckpointTools();
        Requires.CriuHook();
    }

    private string Configuration => _disk.File("criu.conf");

    private string HookDirectory => _disk.File("bin");

    private NodeOptions Options => new()
    {
        Socket = _directory.File("node.sock"),
        CriuConfiguration = Configuration,
        Criu = Path.Combine(ToolPaths.CheckpointTools, "criu"),
    };

    [Fact]
    public async Task S27_a_gate_that_works_is_proven_and_nothing_is_left()
    {
        Install();
        await using var agent = FakeAgent.Answering(Options.Socket, """{"ok":true}""");

        for (var round = 0; round < 3; round++)
        {
            var status = await ProveAsync(agent);
            Assert.Equal(new GateStatus(GateReason.Proven, "CRIU 4.1.1 checkpointed and restored a process of the agent's own, and the hook called at both."), status);
        }

        Assert.Equal(["node.sock"], Directory.GetFileSystemEntries(_directory.Path).Select(Path.GetFileName));
        await Eventually.HoldsAsync(() => !HasProbes());
    }

    [Fact]
    public async Task S27_without_a_line_nothing_is_proven()
    {
        var status = await GateProbe.RunAsync(Options, new Witness(() => []), TestContext.Current.CancellationToken);
        Assert.False(status.IsProven);
        Assert.Contains("run `sysgenid-operator node install-hook`", status.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task S27_a_line_without_its_hook_is_named_as_what_it_does_to_the_machine()
    {
        Install();
        Directory.Delete(HookDirectory, recursive: true);
        var status = await GateProbe.RunAsync(Options, new Witness(() => []), TestContext.Current.CancellationToken);
        Assert.False(status.IsProven);
        Assert.Contains("every checkpoint and restore on this machine fails", status.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task S27_a_hook_that_calls_another_agent_proves_nothing()
    {
        Install(_directory.File("other.sock"));
        await using var agent = FakeAgent.Answering(Options.Socket, """{"ok":true}""");
        var status = await ProveAsync(agent);
        Assert.False(status.IsProven);
        Assert.Contains("no hook called this agent at pre-dump", status.Message, StringComparison.Ordinal);
        await Eventually.HoldsAsync(() => !HasProbes());
    }

    [Fact]
    public async Task S27_a_CRIU_that_fails_is_quoted()
    {
        Install();
        await File.AppendAllTextAsync(Configuration, "action-script /bin/false\n", TestContext.Current.CancellationToken);
        await using var agent = FakeAgent.Answering(Options.Socket, """{"ok":true}""");
        var status = await ProveAsync(agent);
        Assert.False(status.IsProven);
        Assert.Contains("`criu dump` of a process of the agent's own failed (exit code ", status.Message, StringComparison.Ordinal);
        Assert.Contains("Error", status.Message, StringComparison.Ordinal);
        await Eventually.HoldsAsync(() => !HasProbes());
    }

    [Fact]
    public async Task S27_a_proof_that_is_stopped_takes_its_processes_with_it()
    {
        Install();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        await using var agent = FakeAgent.Answering(Options.Socket, _ => Stop(stop));
        var status = await ProveAsync(agent, stop.Token);
        Assert.Equal(new GateStatus(GateReason.ProbeFailed, "the proof was stopped"), status);
        await Eventually.HoldsAsync(() => !HasProbes());
    }

    [Fact]
    public void Its_inputs_are_the_configuration_and_the_hook_it_names()
    {
        Assert.Equal([Configuration, Configuration], GateProbe.Inputs(Options));
        Install();
        Assert.Equal([Configuration, Configuration, Path.Join(HookDirectory, HookFiles.WrapperName)], GateProbe.Inputs(Options));
    }

    public void Dispose()
    {
        _directory.Dispose();
        _disk.Dispose();
    }

    private static string Stop(CancellationTokenSource stop)
    {
        stop.Cancel();
        return """{"ok":true}""";
    }

    private Task<GateStatus> ProveAsync(FakeAgent agent, CancellationToken? stop = null) => GateProbe.RunAsync(
        Options, new Witness(() => agent.Requests.Select(request => request.GetProperty("op").GetString()!)), stop ?? TestContext.Current.CancellationToken);

    private void Install(string? agent = null)
    {
        using var errors = new StringWriter();
        var options = new InstallHookOptions
        {
            CriuConfiguration = Configuration,
            Agent = agent ?? Options.Socket,
            HookDirectory = HookDirectory,
            HookBinary = ToolPaths.CriuHook,
            Criu = Options.Criu,
        };
        Assert.True(HookInstaller.Run(options, TextWriter.Null, errors) == 0, errors.ToString());
    }

    // Of this test's hook, by its path: other tests may have theirs at the same time.
    private bool HasProbes() => Directory.GetDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, out _)).Any(IsProbe!);

    private bool IsProbe(string pid) =>
        Core.Linux.ProcessTable.Link($"/proc/{pid}/exe")?.StartsWith(Path.Join(HookDirectory, SystemPaths.HookName), StringComparison.Ordinal) == true;

    /// <summary>Takes the fake agent's word; calls before the last reset do not count.</summary>
    private sealed class Witness(Func<IEnumerable<string>> calls) : IGateWitness
    {
        private int _forgotten;

        public void Reset() => _forgotten = calls().Count();

        public bool Saw(string operation) => calls().Skip(_forgotten).Contains(operation);
    }
}
