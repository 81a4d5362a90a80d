using SysGenId.Core;
using SysGenId.Operator.Node.HookInstallation;
using SysGenId.TestSupport;

namespace SysGenId.Operator.Tests.HookInstallation;

/// <summary>A directory that plays a host: a CRIU that says what is wanted, a hook that starts, a configuration.</summary>
internal sealed class HookHost : IDisposable
{
    private const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly TemporaryDirectory _directory = TemporaryDirectory.OnDisk();

    public HookHost()
    {
        Requires.Root();
        WriteProgram(Criu, """case $1 in --version) echo "Version: 4.1.1" ;; check) echo "Looks good." ;; esac""");
        WriteProgram(Binary, "exit 0");
    }

    public string Root => _directory.Path;

    public string Criu => _directory.File("criu");

    public string Binary => _directory.File("built-hook");

    public string Configuration => _directory.File("etc/criu/default.conf");

    public string HookDirectory => _directory.File("opt/sysgenid/bin");

    public string Hook => Path.Join(HookDirectory, SystemPaths.HookName);

    public string Wrapper => Hook + ".sh";

    public string Output { get; private set; } = "";

    public string Errors { get; private set; } = "";

    public string Text => File.ReadAllText(Configuration);

    /// <summary>Everything there is, but for what plays the host.</summary>
    public IReadOnlyList<string> Entries =>
        [.. Directory.GetFileSystemEntries(Root, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(Root, path)).Except(["criu", "built-hook"]).Order(StringComparer.Ordinal)];

    public void WriteConfiguration(string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Configuration)!);
        File.WriteAllText(Configuration, text);
    }

    public static void WriteProgram(string path, string body)
    {
        File.WriteAllText(path, $"#!/bin/sh\n{body}\n");
        File.SetUnixFileMode(path, Executable);
    }

    public int Install(Func<InstallHookOptions, InstallHookOptions>? change = null)
    {
        var options = new InstallHookOptions { CriuConfiguration = Configuration, HookDirectory = HookDirectory, HookBinary = Binary, Criu = Criu };
        return Capture((output, errors) => HookInstaller.Run(change is null ? options : change(options), output, errors));
    }

    public int Uninstall() =>
        Capture((output, errors) => HookRemover.Run(new UninstallHookOptions { CriuConfiguration = Configuration, HookDirectory = HookDirectory }, output, errors));

    public void Dispose() => _directory.Dispose();

    private int Capture(Func<TextWriter, TextWriter, int> run)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var exitCode = run(output, errors);
        (Output, Errors) = (output.ToString(), errors.ToString());
        return exitCode;
    }
}
