using SysGenId.TestSupport;
using SysGenId.TestSupport.Nodes;

namespace SysGenId.Samples.Tests.Running;

/// <summary>What the programs of one pod see, and the sidecar that serves it, which a test may end and start again.</summary>
internal sealed class LocalPod(LocalNode node, string directory) : IAsyncDisposable
{
    private readonly List<SampleProcess> _samples = [];
    private ChildProcess? _sidecar;

    public uint Generation => CounterPageFile.ReadGeneration(Path.Combine(directory, "generation"));

    public string WatchSocket => Path.Combine(directory, "watch.sock");

    private string ControlSocket => Path.Combine(directory, "control.sock");

    public async Task StartSidecarAsync()
    {
        _sidecar = ChildProcess.Start(ToolPaths.Sidecar, "--dir", directory, "--agent", node.Socket);
        await Eventually.HoldsAsync(
            async () => (await ChildProcess.RunAsync(ToolPaths.Sidecar, "ready", "--dir", directory)).ExitCode == 0,
            what: "the sidecar serves");
        await Eventually.HoldsAsync(
            async () => (await AskAsync("status")).Output.Contains("\"agentConnected\":true", StringComparison.Ordinal),
            what: "the sidecar is connected to the agent");
    }

    public Task KillSidecarAsync() => _sidecar!.KillAsync();

    /// <summary>Bumps the node; returns when this pod's page shows it.</summary>
    public async Task<uint> BumpAsync()
    {
        var before = Generation;
        await node.BumpAsync();
        await Eventually.HoldsAsync(() => Generation > before);
        return Generation;
    }

    /// <summary>Bumps the node while this pod's sidecar is away, and starts it again.</summary>
    public async Task<uint> MissABumpAsync()
    {
        var before = Generation;
        await KillSidecarAsync();
        await node.BumpAsync();
        await StartSidecarAsync();
        await Eventually.HoldsAsync(() => Generation > before);
        return Generation;
    }

    /// <summary>Runs a sample by the command of samples/README.md.</summary>
    public SampleProcess Run(string name, string language, params IEnumerable<string> arguments)
    {
        if (language == "c") Requires.Compiler();
        if (language == "python") Requires.Program("python3");
        var sample = new SampleProcess(directory, name, language, arguments);
        _samples.Add(sample);
        return sample;
    }

    /// <summary>Waits until so many watchers are there and all of them have acked (S12).</summary>
    public async Task AllHaveAdaptedAsync(int watchers)
    {
        await Eventually.HoldsAsync(
            async () => (await AskAsync("watchers")).Output.Contains($"\"watchers\":{watchers},", StringComparison.Ordinal),
            what: $"there are {watchers} watchers");
        (await AskAsync("wait", "--timeout", "20")).OrThrow();
    }

    /// <summary>Whether anybody has not acked yet.</summary>
    public async Task<bool> IsAnybodyOutdatedAsync() =>
        !(await AskAsync("watchers")).Output.Contains("\"outdated\":0,", StringComparison.Ordinal);

    public async ValueTask DisposeAsync()
    {
        foreach (var sample in _samples)
            await sample.DisposeAsync();
        if (_sidecar is not null) await _sidecar.DisposeAsync();
    }

    private Task<CommandResult> AskAsync(string command, params IEnumerable<string> arguments) =>
        ChildProcess.RunAsync(ToolPaths.Cli, [command, "--socket", ControlSocket, "--output", "json", .. arguments]);
}
