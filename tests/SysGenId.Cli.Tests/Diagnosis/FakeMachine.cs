using SysGenId.Cli.Diagnosis;
using SysGenId.TestSupport;

namespace SysGenId.Cli.Tests.Diagnosis;

/// <summary>A tree of files that looks like a machine on which all is well, until a test spoils it.</summary>
internal sealed class FakeMachine : IDisposable
{
    public const string Hook = "/opt/sysgenid/bin/sysgenid-criu-hook";

    private readonly TemporaryDirectory _root = TemporaryDirectory.OnDisk();

    public FakeMachine()
    {
        Write("/proc/sys/kernel/osrelease", "6.18.1-amd64\n");
        Write("/proc/cpuinfo", "processor : 0\nflags\t\t: fpu sse2 hypervisor avx\n");
        Write("/sys/fs/cgroup/cgroup.controllers", "cpu memory\n");
        Write("/sys/bus/acpi/drivers/vmgenid/VMGENCTR:00", "");
        Write("/etc/criu/default.conf", $"tcp-established\n{Block(Hook)}");
        Write(Hook, "#!/bin/sh\n");
        File.SetUnixFileMode(PathOf(Hook), UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    public uint UserId { get; set; }

    public KernelFeatures Features { get; set; } = new(true, true, true);

    /// <summary>What <c>criu --version</c> says; null: there is no criu.</summary>
    public ProgramRun? CriuVersion { get; set; } = new(0, "Version: 4.1.1\n");

    public ProgramRun CriuCheck { get; set; } = new(0, "Looks good.\n");

    /// <summary>The last arguments criu was called with.</summary>
    public string[] CriuArguments { get; private set; } = [];

    public Machine Machine => new(_root.Path, UserId, () => Features, Run);

    public static string Block(string hook) =>
        $"# BEGIN sysgenid newline directories=1\n# Written by sysgenid-operator node install-hook; uninstall-hook takes it out again.\naction-script {hook}\n# END sysgenid\n";

    public string PathOf(string path) => _root.Path + path;

    public void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(path))!);
        File.WriteAllText(PathOf(path), text);
    }

    public void Remove(string path)
    {
        if (Directory.Exists(PathOf(path))) Directory.Delete(PathOf(path), recursive: true);
        else File.Delete(PathOf(path));
    }

    public void Dispose() => _root.Dispose();

    private ProgramRun? Run(string program, string[] arguments)
    {
        if (CriuVersion is null) return null;
        CriuArguments = arguments;
        return arguments[0] == "check" ? CriuCheck : CriuVersion;
    }
}
