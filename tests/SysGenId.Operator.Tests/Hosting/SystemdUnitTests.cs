using SysGenId.TestSupport;

namespace SysGenId.Operator.Tests.Hosting;

public sealed class SystemdUnitTests : IDisposable
{
    private const string Program = "/opt/sysgenid/sysgenid-operator";

    private static readonly string _unit = Path.Combine(ToolPaths.Repository, "eng/systemd/sysgenid.service");

    private readonly TemporaryDirectory _directory = TemporaryDirectory.OnDisk();

    private static string[] Settings => [.. File.ReadLines(_unit).Where(line => !line.StartsWith('#')).Select(line => line.Split('=')[0])];

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Systemd_finds_no_fault_in_the_unit()
    {
        if (!File.Exists("/usr/bin/systemd-analyze")) Assert.Skip("This test needs systemd-analyze.");

        // It looks whether the program is there, so it gets one that is.
        var copy = _directory.File("sysgenid.service");
        File.WriteAllText(copy, File.ReadAllText(_unit).Replace(Program, OperatorProgram.Path, StringComparison.Ordinal));
        var result = await ChildProcess.RunAsync("/usr/bin/systemd-analyze", "verify", "--man=no", copy);
        Assert.DoesNotContain("sysgenid", result.Output + result.Errors, StringComparison.Ordinal);
        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public void The_agent_stays_in_the_namespaces_of_the_host_and_without_a_seccomp_filter()
    {
        string[] kept = ["RestartSec", "RuntimeDirectory", "RuntimeDirectoryMode", "RuntimeDirectoryPreserve"];
        foreach (var prefix in new[] { "Protect", "Private", "ReadOnly", "ReadWrite", "Inaccessible", "TemporaryFileSystem", "Bind", "Root", "Restrict", "SystemCall", "Lock", "MemoryDeny", "DynamicUser", "User" })
        {
            Assert.DoesNotContain(Settings.Except(kept), setting => setting.StartsWith(prefix, StringComparison.Ordinal));
        }
    }
}
