using SysGenId.Core;
using SysGenId.Core.Linux;

namespace SysGenId.Operator.Node.HookInstallation;

/// <summary>
/// install-hook: a program CRIU runs at every stage, and one line that says so. A line without its program fails every
/// dump and restore on the machine, hence the order: look at everything, program, prove that it starts, line, prove
/// that CRIU takes it, and only then remove what an earlier line named.
/// </summary>
internal sealed class HookInstaller
{
    private readonly InstallHookOptions _options;
    private readonly HookFiles _files;
    private readonly HookReport _report;

    private HookInstaller(InstallHookOptions options, HookReport report) =>
        (_options, _files, _report) = (options, new HookFiles(options.HookDirectory, options.Place), report);

    /// <summary>Installs, or brings an installation up to date. Running it again changes nothing.</summary>
    /// <returns>One of <see cref="HookExitCode"/>.</returns>
    public static int Run(InstallHookOptions options, TextWriter output, TextWriter errors)
    {
        var report = new HookReport(output, errors);
        try
        {
            options = options with { HookDirectory = Trimmed(options.HookDirectory), CriuConfiguration = Path.GetFullPath(options.CriuConfiguration) };
            return new HookInstaller(options, report).Run();
        }
        catch (Exception mistake) when (mistake is IOException or UnauthorizedAccessException)
        {
            return report.Fail(mistake.Message);
        }
    }

    private int Run()
    {
        if (FaultOfOptions() is { } fault) return _report.Refuse(fault);
        var search = CriuProgram.Find(_options.Criu, _options.Place);
        if (search.Program is not { } criu) return _report.Refuse(search.Fault);
        if (CriuConfigurationFile.TryOpen(_options.CriuConfiguration, out fault) is not { } file) return _report.Refuse(fault);
        var traces = new InstallationTraces
        {
            CreatedFile = !file.Exists,
            CreatedDirectories = file.MissingDirectories,
            CreatedHookDirectories = CriuConfigurationFile.CountMissing(_files.Directory),
        };
        var edit = CriuConfigurationText.Insert(file.Content, _files.Entry(_options.Agent), traces);
        if ((HookPaths.FaultOfMarkers(file.Path, edit.Fault) ?? criu.Check(file.Path)) is { } refusal) return _report.Refuse(refusal);

        _report.Say("criu", $"{criu.Version} at {criu.Path}");
        if (PutFiles() is { } broken) return Undo(edit, traces, broken);
        if (PutLine(criu, file, edit) is { } rejected) return Undo(edit, traces, rejected);
        RemoveWhatIsNotNamed(edit.Before);
        _report.Say("next", NextStep());
        return HookExitCode.Success;
    }

    private string? FaultOfOptions() =>
        !Environment.IsPrivilegedProcess ? "install-hook needs root: it writes where CRIU, which runs as root, reads."
        : HookPaths.FaultOfDirectory(_options.HookDirectory) ?? HookPaths.FaultOfAgent(_options.Agent)
        ?? (File.Exists(_options.HookBinary) ? null : $"The hook to install is not at {_options.HookBinary}; say where with --hook-binary.");

    // Null when the hook is in place and starts.
    private string? PutFiles()
    {
        if (_files.PrepareDirectory() is { } fault) return fault;
        if ((fault = _files.InstallBinary(_options.HookBinary, out var isNew)) is not null) return fault;
        Say("hook", _files.Binary, isNew, "installed");
        if (_files.Entry(_options.Agent) == _files.Binary) return null;
        if ((fault = _files.InstallWrapper(_options.Agent, out isNew)) is not null) return fault;
        Say("wrapper", _files.Wrapper, isNew, "installed");
        return null;
    }

    // Null when the line is in place and CRIU takes it.
    private string? PutLine(CriuProgram criu, CriuConfigurationFile file, CriuConfigurationEdit edit)
    {
        var (before, existed) = (file.Content, file.Exists);
        var isNew = !before.AsSpan().SequenceEqual(edit.Text) || !existed;
        if (isNew) file.Write(edit.Text);
        if (criu.Check(file.Path) is { } fault)
        {
            if (isNew && existed) file.Write(before);
            if (isNew && !existed) file.Delete(CriuConfigurationText.Find(edit.Text, out _)?.Traces.CreatedDirectories ?? 0);
            return fault;
        }

        Say("configuration", file.Path, isNew, edit.Before is null ? "line added" : "line changed");
        return null;
    }

    // Files that no line names do no harm; those of an installation that was there before stay.
    private int Undo(CriuConfigurationEdit edit, InstallationTraces traces, string fault)
    {
        if (edit.Before is null && HookReferences.Find(_files, _options.CriuConfiguration) is null) _files.RemoveAll(traces.CreatedHookDirectories);
        return _report.Refuse(fault);
    }

    private void RemoveWhatIsNotNamed(CriuConfigurationBlock? before)
    {
        if (before?.Hook is not { } hook || hook == _files.Entry(_options.Agent)) return;
        var old = new HookFiles(Path.GetDirectoryName(hook) ?? "/", _options.Place);
        if (old.Directory == _files.Directory)
        {
            if (_files.Entry(_options.Agent) == _files.Binary && HookReferences.Find(_files.Wrapper, _options.CriuConfiguration) is null) _files.RemoveWrapper();
        }
        else if (HookReferences.Find(old, _options.CriuConfiguration) is null && old.RemoveAll(before.Traces.CreatedHookDirectories))
        {
            _report.Say("removed", $"the hook in {old.Directory}, where it was before");
        }
    }

    private string NextStep()
    {
        if (IsServed(_options.Agent)) return $"nothing: an agent serves {_options.Agent}; it proves the gate by itself";
        var socket = _options.Agent == SystemPaths.AgentSocket ? "" : $" --socket {_options.Agent}";
        var configuration = _options.CriuConfiguration == SystemPaths.CriuConfiguration ? "" : $" --criu-config {_options.CriuConfiguration}";
        return $"start the agent: sysgenid-operator node --standalone{socket}{configuration}";
    }

    // An agent that was killed leaves its socket behind.
    private static bool IsServed(string socket)
    {
        using var connection = UnixSocket.TryConnect(socket, blocking: false, out _);
        return connection is not null;
    }

    private void Say(string what, string path, bool isNew, string done) => _report.Say(what, $"{path} ({(isNew ? done : "unchanged")})");

    private static string Trimmed(string directory) => directory.Length > 1 ? directory.TrimEnd('/') : directory;
}
