using SysGenId.Core;
using SysGenId.Operator.Node.HookInstallation;

namespace SysGenId.Operator.Node.Gate;

/// <summary>
/// Proves that CRIU on this machine reaches this agent (S27), by doing what is to be proven:
/// <code>
///   hook --probe-child      a process that only waits
///   criu dump               the hook must call: checkpointing
///   criu restore            the hook must call: restored
///   kill
/// </code>
/// The agent knows the calls as its own because these CRIU processes are its children.
/// </summary>
internal static class GateProbe
{
    /// <summary>CRIU needs a fifth of a second; a machine that needs longer than this restores nothing in time.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    /// <summary>CRIU restores a process under its old number, which somebody else may have got meanwhile.</summary>
    private const int Attempts = 2;

    /// <summary>The files whose change may change the outcome.</summary>
    public static IEnumerable<string> Inputs(NodeOptions options)
    {
        yield return options.CriuConfiguration;
        if (CriuConfigurationFile.TryOpen(options.CriuConfiguration, out _) is not { } file) yield break;
        yield return file.Path;
        if (CriuConfigurationText.Find(file.Content, out _)?.Hook is { } hook) yield return hook;
    }

    /// <summary>Where CRIU is looked for, among the files of its own place: a change of one of them may change the outcome, too.</summary>
    public static IEnumerable<string> Programs(NodeOptions options) => CriuProgram.Candidates(options.Criu);

    /// <summary>Proves it, or says why it is not so. Takes at most 20 seconds, does not throw, and leaves nothing behind.</summary>
    /// <param name="options">The agent's options: configuration, CRIU, socket.</param>
    /// <param name="witness">Sees what the hook does meanwhile.</param>
    /// <param name="stop">Ends it early, as not proven.</param>
    public static async Task<GateStatus> RunAsync(NodeOptions options, IGateWitness witness, CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(_patience);
        try
        {
            return await ProveAsync(options, witness, patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return new GateStatus(GateReason.ProbeFailed, stop.IsCancellationRequested ? "the proof was stopped" : $"the proof did not end within {_patience.TotalSeconds} s");
        }
        catch (Exception mistake)
        {
            // Whatever goes wrong while CRIU is tried is a reason not to promise that it works.
            return new GateStatus(GateReason.ProbeFailed, $"the proof could not be carried out: {mistake.Message}");
        }
    }

    private static async Task<GateStatus> ProveAsync(NodeOptions options, IGateWitness witness, CancellationToken stop)
    {
        var place = CriuNamespace.Of(options.CriuNamespace);
        var search = CriuProgram.Find(options.Criu, place);
        if (search.Program is not { } criu) return new GateStatus(search.IsMissing ? GateReason.CriuMissing : GateReason.CriuUnusable, search.Fault);
        if (FaultOfConfiguration(options, out var hook) is { } fault) return new GateStatus(GateReason.HookMissing, fault);
        using var run = new GateProbeRun(criu, options, hook, place, witness);
        for (var attempt = 1; ; attempt++)
        {
            var failure = await run.ProveAsync(stop).ConfigureAwait(false);
            if (failure is null) return new GateStatus(GateReason.Proven, $"CRIU {criu.Version} checkpointed and restored a process of the agent's own, and the hook called at both.");
            if (attempt == Attempts || !run.IsWorthAnother) return new GateStatus(GateReason.ProbeFailed, failure);
        }
    }

    private static string? FaultOfConfiguration(NodeOptions options, out string hook)
    {
        hook = "";
        if (CriuConfigurationFile.TryOpen(options.CriuConfiguration, out var fault) is not { } file) return fault;
        var line = CriuConfigurationText.Find(file.Content, out var markers)?.Hook;
        if (HookPaths.FaultOfMarkers(file.Path, markers) is { } broken) return broken;
        if (line is null) return $"{options.CriuConfiguration} has no line of ours; run `sysgenid-operator node install-hook`.";
        if (!File.Exists(line)) return $"{options.CriuConfiguration} names {line}, which is not there: every checkpoint and restore on this machine fails. Run install-hook or uninstall-hook.";

        // The line may name the wrapper; the hook itself is beside it.
        hook = Path.Join(Path.GetDirectoryName(line), SystemPaths.HookName);
        return File.Exists(hook) ? null : $"{hook} is not there; run `sysgenid-operator node install-hook`.";
    }
}
