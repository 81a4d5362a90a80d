using System.Globalization;
using SysGenId.Core.Linux;
using SysGenId.TestSupport;

namespace SysGenId.Core.Tests.Linux;

public sealed class ProcessTableTests
{
    [Fact]
    public void Of_this_process_the_table_says_what_the_system_says()
    {
        var status = ProcessTable.Status(Environment.ProcessId)!.Value;
        Assert.Equal(Libc.getppid(), status.Parent);
        var fields = File.ReadAllText("/proc/self/stat").Split(") ")[^1].Split(' ');
        Assert.Equal(ulong.Parse(fields[19], CultureInfo.InvariantCulture), status.StartTime);
        Assert.Equal(File.ReadAllText("/proc/self/cgroup"), ProcessTable.Cgroups(Environment.ProcessId));
        Assert.Contains(" / ", ProcessTable.Mounts(Environment.ProcessId), StringComparison.Ordinal);
        Assert.Equal(File.ResolveLinkTarget("/proc/self/ns/mnt", false)!.Name, $"mnt:[{ProcessTable.NamespaceNumber(Environment.ProcessId, NamespaceKind.Mounts)}]");
        Assert.Equal(File.ResolveLinkTarget("/proc/self/ns/user", false)!.Name, $"user:[{ProcessTable.NamespaceNumber(Environment.ProcessId, NamespaceKind.Users)}]");
    }

    [Fact]
    public void The_effective_capabilities_of_this_process_are_read_as_a_set()
    {
        var line = File.ReadLines("/proc/self/status").Single(line => line.StartsWith("CapEff:", StringComparison.Ordinal));
        var set = ProcessTable.Capabilities(Environment.ProcessId);
        Assert.Equal(ulong.Parse(line["CapEff:\t".Length..], NumberStyles.HexNumber, CultureInfo.InvariantCulture), set);
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("a) S 1 (b")]
    [InlineData(") ) (")]
    [InlineData("(")]
    [InlineData("tab\tnew\nline")]
    [InlineData("CapEff:\t0000000")]
    public async Task A_program_whose_name_looks_like_other_fields_is_read_right(string name)
    {
        using var directory = TemporaryDirectory.OnDisk();
        (await ChildProcess.RunAsync("cp", "/bin/sleep", directory.File(name))).OrThrow(); // Not by this process: a program that it writes is busy while another test starts one.
        await using var child = ChildProcess.Start(directory.File(name), "60");
        await Eventually.HoldsAsync(() => File.ReadAllText($"/proc/{child.Id}/comm").TrimEnd('\n') == name);
        Assert.Equal(Environment.ProcessId, ProcessTable.Status(child.Id)!.Value.Parent);
        Assert.Equal(ProcessTable.Capabilities(Environment.ProcessId), ProcessTable.Capabilities(child.Id));
    }

    [Fact]
    public async Task Of_a_process_that_is_gone_nothing_is_said()
    {
        await using var child = ChildProcess.Start("true");
        await child.ExitAsync();
        Assert.Null(ProcessTable.Status(child.Id));
        Assert.Null(ProcessTable.Cgroups(child.Id));
        Assert.Null(ProcessTable.Mounts(child.Id));
        Assert.Null(ProcessTable.Capabilities(child.Id));
        Assert.Null(ProcessTable.NamespaceNumber(child.Id, NamespaceKind.Mounts));
        Assert.Null(PidFd.TryOpen(child.Id, out var error));
        Assert.Equal(Errno.ESRCH, error);
    }

    [Fact]
    public async Task A_held_process_is_known_to_run_until_it_ends_and_gets_the_signals_meant_for_it()
    {
        await using var child = ChildProcess.Start("sleep", "60");
        using var held = PidFd.TryOpen(child.Id, out _)!;
        Assert.False(PidFd.HasExited(held));
        Assert.Equal(Errno.None, PidFd.Signal(held, SignalDescriptor.Terminate));
        await child.ExitAsync();
        Assert.True(PidFd.HasExited(held));
        Assert.Equal(Errno.ESRCH, PidFd.Signal(held, SignalDescriptor.Terminate));
    }
}
