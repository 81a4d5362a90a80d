using System.Diagnostics;
using System.Runtime.InteropServices;
using Xunit;

namespace SysGenId.TestSupport;

/// <summary>
/// What a test needs of the machine. Without it the test is skipped with a reason, or fails where
/// SYSGENID_TESTS_NO_SKIP=1 says that everything must be there.
/// </summary>
internal static class Requires
{
    private static readonly bool NoSkip = Environment.GetEnvironmentVariable("SYSGENID_TESTS_NO_SKIP") == "1";

    private static readonly Lazy<bool> MountNamespaces = new(() => Succeeds("unshare", "-m", "true"));

    public static void Root() => That(Environment.IsPrivilegedProcess, "needs root");

    /// <summary>CRIU, runc and crun, root, and mount namespaces to keep them away from the machine's own /etc/criu.</summary>
    public static void CheckpointTools()
    {
        PrivateMounts();
        foreach (var tool in new[] { "criu", "runc", "crun" })
            That(File.Exists(Path.Combine(ToolPaths.CheckpointTools, tool)), $"needs {tool}: run eng/checkpoint-tools.sh");
        That(ToolPaths.Busybox is not null, "needs the package busybox-static");
        Compiler();
    }

    /// <summary>QEMU, a kernel for its guests, and what goes into them.</summary>
    public static void VirtualMachineTools()
    {
        That(RuntimeInformation.OSArchitecture == Architecture.X64, "needs x86-64, for which the guests are");
        That(File.Exists(Path.Combine(ToolPaths.VirtualMachineTools, "qemu")), "needs QEMU and a kernel: run eng/vm-tools.sh");
        That(ToolPaths.Busybox is not null, "needs the package busybox-static");
        Compiler();
        PublishedPrograms();
    }

    /// <summary>helm and kubectl, as users have them.</summary>
    public static void ChartTools()
    {
        foreach (var tool in new[] { "helm", "helm3", "kubectl" })
            That(File.Exists(Path.Combine(ToolPaths.ChartTools, tool)), $"needs {tool}: run eng/chart-tools.sh");
    }

    /// <summary>Root, and mounts that only the test sees.</summary>
    public static void PrivateMounts()
    {
        Root();
        That(MountNamespaces.Value, "needs mount namespaces (`unshare -m` fails)");
    }

    /// <summary>User namespaces, also those that somebody makes who is not root.</summary>
    public static void UserNamespaces() =>
        That(Succeeds("setpriv", "--reuid=65534", "--clear-groups", "unshare", "-Ur", "true"), "needs user namespaces (`unshare -Ur` fails)");

    /// <summary>The CRIU hook, as CRIU runs it.</summary>
    public static void CriuHook() => That(File.Exists(ToolPaths.CriuHook), $"needs {ToolPaths.CriuHook}: run eng/publish.sh {ToolPaths.Published}");

    /// <summary>Our command line alone, as users get it.</summary>
    public static void PublishedCli() => That(File.Exists(ToolPaths.Cli), $"needs {ToolPaths.Cli}: run eng/publish.sh {ToolPaths.Published}");

    /// <summary>A program of the machine's.</summary>
    public static void Program(string name) => That(Succeeds("which", name), $"needs the program {name}");

    public static void Compiler() => That(Succeeds("gcc", "--version"), "needs gcc");

    /// <summary>Our own programs, as users get them.</summary>
    public static void PublishedPrograms()
    {
        foreach (var program in new[] { ToolPaths.Operator, ToolPaths.Sidecar, ToolPaths.CriuHook, ToolPaths.Cli })
            That(File.Exists(program), $"needs {program}: run eng/publish.sh {ToolPaths.Published}");
    }

    /// <summary>A cluster of some kind; the reason why there is none is the caller's to know, null: there is one.</summary>
    public static void Cluster(string? absence) => That(absence is null, absence ?? "");

    /// <summary>Anything else.</summary>
    public static void That(bool met, string reason)
    {
        if (met)
            return;
        if (NoSkip)
            Assert.Fail($"SYSGENID_TESTS_NO_SKIP is set, but this test {reason}.");
        Assert.Skip($"This test {reason}.");
    }

    private static bool Succeeds(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false; // There is no such program.
        }
    }
}
