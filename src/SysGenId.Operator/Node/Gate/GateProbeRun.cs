using SysGenId.Core;
using SysGenId.Core.Linux;
using SysGenId.Core.Protocol;
using SysGenId.Operator.Node.HookInstallation;

namespace SysGenId.Operator.Node.Gate;

/// <summary>One proof: its images, its process, its CRIUs.</summary>
internal sealed class GateProbeRun : IDisposable
{
    private const string DirectoryName = "gate-probe";
    private const uint DirectoryMode = 0x1C0; // 0700: the images hold memory of a process of root's

    private readonly CriuProgram _criu;
    private readonly NodeOptions _options;
    private readonly string _hook;
    private readonly CriuNamespace _place;
    private readonly IGateWitness _witness;
    private readonly string _images;

    public GateProbeRun(CriuProgram criu, NodeOptions options, string hook, CriuNamespace place, IGateWitness witness)
    {
        (_criu, _options, _hook, _place, _witness) = (criu, options, hook, place, witness);
        _images = SystemPaths.Beside(options.Socket, DirectoryName);
    }

    /// <summary>Whether what went wrong may go right the next time.</summary>
    public bool IsWorthAnother { get; private set; }

    /// <summary>Null when it is proven, else a sentence.</summary>
    public async Task<string?> ProveAsync(CancellationToken stop)
    {
        EmptyImages();
        _witness.Reset();
        IsWorthAnother = false;
        using var child = await ProbeProcess.StartAsync(_hook, _place, stop).ConfigureAwait(false);

        if (await RunCriuAsync("dump", ["-t", $"{child.Pid}"], stop).ConfigureAwait(false) is { } fault) return fault;
        if (!_witness.Saw(Operation.Checkpointing)) return NotSeen("dumped", "pre-dump");

        await child.EndAsync(stop).ConfigureAwait(false);
        try
        {
            fault = await RunCriuAsync("restore", ["-d"], stop).ConfigureAwait(false);
            IsWorthAnother = fault is not null;
            return fault ?? (_witness.Saw(Operation.Restored) ? null : NotSeen("restored", "post-restore"));
        }
        finally
        {
            child.KillRestored();
        }
    }

    public void Dispose()
    {
        if (Directory.Exists(_images)) Directory.Delete(_images, recursive: true);
    }

    private void EmptyImages()
    {
        Dispose();
        Files.CreateDirectory(_images, DirectoryMode);
    }

    private async Task<string?> RunCriuAsync(string action, string[] arguments, CancellationToken stop)
    {
        var log = Path.Join(_images, $"{action}.log");
        string[] all =
        [
            action, .. CriuProgram.ConfigurationArguments(_options.CriuConfiguration),
            "-D", _images, "-W", _images, "-o", log, .. arguments,
        ];
        var exitCode = await CriuProcessRun.RunAsync(_criu.Path, all, _place, stop).ConfigureAwait(false);
        return exitCode == 0 ? null : $"`criu {action}` of a process of the agent's own failed (exit code {exitCode}): {LastWords(log)}";
    }

    private static string LastWords(string log)
    {
        var lines = File.Exists(log) ? File.ReadAllLines(log) : [];
        var errors = lines.Where(line => line.Contains("Error", StringComparison.Ordinal) || line.Contains("sysgenid:", StringComparison.Ordinal)).ToArray();
        var last = (errors.Length > 0 ? errors : lines).TakeLast(3);
        return lines.Length == 0 ? "it left no log" : string.Join(" | ", last.Select(line => line.Trim()));
    }

    private string NotSeen(string done, string stage) =>
        $"CRIU {done} a process of the agent's own, but no hook called this agent at {stage}: does the line in {_options.CriuConfiguration} lead to {_options.Socket}?";
}
