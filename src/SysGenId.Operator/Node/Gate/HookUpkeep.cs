using Microsoft.Extensions.Logging;
using SysGenId.Operator.Node.HookInstallation;

namespace SysGenId.Operator.Node.Gate;

/// <summary>Does with the hook on this node what the agent was ordered, before its gate is proven. Blocks for as long as CRIU takes.</summary>
internal static class HookUpkeep
{
    /// <summary>What an order comes to on this node: bringing a hook up to date is installing it, or nothing where there is none.</summary>
    public static HookOrder Meaning(HookOrder order, NodeOptions options) =>
        order != HookOrder.Update ? order : IsThere(options) ? HookOrder.Install : HookOrder.Leave;

    /// <summary>Carries out what an order means. Repeating it changes nothing.</summary>
    /// <returns>How the gate is because of it; null when that remains to be proven.</returns>
    public static GateStatus? CarryOut(HookOrder order, NodeOptions options, ILogger log) => order switch
    {
        HookOrder.Remove => Remove(options, log),
        HookOrder.Install => Install(options, log),
        _ => null,
    };

    private static bool IsThere(NodeOptions options) =>
        CriuConfigurationFile.TryOpen(options.CriuConfiguration, out _) is { } file && CriuConfigurationText.Find(file.Content, out _)?.Hook is not null;

    private static GateStatus? Install(NodeOptions options, ILogger log)
    {
        // Without CRIU there is nothing to install for, and the reason for the gate's state is that.
        var place = CriuNamespace.Of(options.CriuNamespace);
        if (CriuProgram.Find(options.Criu, place) is { Program: null } search)
        {
            return new GateStatus(search.IsMissing ? GateReason.CriuMissing : GateReason.CriuUnusable, search.Fault);
        }

        using var output = new StringWriter();
        using var errors = new StringWriter();
        var result = HookInstaller.Run(
            new InstallHookOptions
            {
                CriuConfiguration = options.CriuConfiguration,
                Agent = options.Socket,
                HookDirectory = options.HookDirectory,
                HookBinary = options.HookBinary,
                Criu = options.Criu,
                Place = place,
            },
            output,
            errors);
        if (result == HookExitCode.Success)
        {
            log.HookKept(Line(output));
            return null;
        }

        log.HookNotKept(Line(errors));
        return new GateStatus(GateReason.HookMissing, Line(errors));
    }

    private static GateStatus Remove(NodeOptions options, ILogger log)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var result = HookRemover.Run(
            new UninstallHookOptions { CriuConfiguration = options.CriuConfiguration, HookDirectory = options.HookDirectory }, output, errors);
        if (result == HookExitCode.Success)
        {
            log.HookKept(Line(output));
            return new GateStatus(GateReason.HookRemoved, "The hook was taken off this node, as its object asks: restores are no longer noticed here.");
        }

        log.HookNotKept(Line(errors));
        return new GateStatus(GateReason.ProbeFailed, $"The hook could not be taken off this node: {Line(errors)}");
    }

    private static string Line(StringWriter text) =>
        string.Join("; ", text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(OneSpace));

    private static string OneSpace(string line) => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
