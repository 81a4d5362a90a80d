
namespace SysGenId.Operator.Node.HookInstallation;

/// <summary>
/// uninstall-hook: the line before the program, and both in any state an installation may have been left in. It asks
/// nothing of the machine: a CRIU that is missing or broken is no reason to stay.
/// </summary>
internal static class HookRemover
{
    /// <summary>Removes what is there. Running it again changes nothing.</summary>
    /// <returns>One of <see cref="HookExitCode"/>.</returns>
    public static int Run(UninstallHookOptions options, TextWriter output, TextWriter errors)
    {
        var report = new HookReport(output, errors);
        try
        {
            return Run(options with { CriuConfiguration = Path.GetFullPath(options.CriuConfiguration) }, report);
        }
        catch (Exception mistake) when (mistake is IOException or UnauthorizedAccessException)
        {
            return report.Fail(mistake.Message);
        }
    }

    private static int Run(UninstallHookOptions options, HookReport report)
    {
        if (!Environment.IsPrivilegedProcess) return report.Refuse("uninstall-hook needs root.");
        if (CriuConfigurationFile.TryOpen(options.CriuConfiguration, out var fault) is not { } file) return report.Refuse(fault);
        var edit = CriuConfigurationText.Remove(file.Content);
        if (HookPaths.FaultOfMarkers(file.Path, edit.Fault) is { } refusal) return report.Refuse(refusal);

        RemoveLine(file, edit, report);
        RemoveFiles(options, edit.Before, report);
        return HookExitCode.Success;
    }

    private static void RemoveLine(CriuConfigurationFile file, CriuConfigurationEdit edit, HookReport report)
    {
        if (edit.Before is not { } block)
        {
            report.Say("configuration", $"{file.Path} (has no line of ours)");
        }
        else if (edit.Text.Length == 0 && block.Traces.CreatedFile)
        {
            file.Delete(block.Traces.CreatedDirectories);
            report.Say("configuration", $"{file.Path} (removed: it had nothing else)");
        }
        else
        {
            file.Write(edit.Text);
            report.Say("configuration", $"{file.Path} (line removed)");
        }
    }

    private static void RemoveFiles(UninstallHookOptions options, CriuConfigurationBlock? block, HookReport report)
    {
        var files = new HookFiles(Path.GetDirectoryName(block?.Hook) is { Length: > 0 } named ? named : Path.GetFullPath(options.HookDirectory).TrimEnd('/'), CriuNamespace.Own);
        if (HookReferences.Find(files, options.CriuConfiguration) is { } other)
        {
            report.Say("hook", $"{files.Binary} (stays: {other} names it)");
            return;
        }

        var removed = files.RemoveAll(block?.Traces.CreatedHookDirectories ?? 0);
        report.Say("hook", $"{files.Binary} ({(removed ? "removed" : "is not there")})");
    }
}
