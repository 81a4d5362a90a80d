using SysGenId.Core.Linux;
using SysGenId.TestSupport;

namespace SysGenId.Core.Tests.Linux;

public sealed class PidFdTests
{
    [Fact]
    public async Task A_process_that_is_held_has_its_number_until_it_is_gone_and_then_none()
    {
        await using var child = ChildProcess.Start("sleep", "60");
        using var held = PidFd.TryOpen(child.Id, out _)!;
        Assert.Equal(child.Id, PidFd.ProcessId(held));
        await child.KillAsync();
        Assert.True(PidFd.HasExited(held));
        Assert.Null(PidFd.ProcessId(held));
    }

    [Fact]
    public async Task A_process_has_the_same_identity_however_it_is_held_and_another_has_another()
    {
        await using var child = ChildProcess.Start("sleep", "60");
        using var one = PidFd.TryOpen(child.Id, out _)!;
        using var again = PidFd.TryOpen(child.Id, out _)!;
        using var other = PidFd.TryOpen(Environment.ProcessId, out _)!;
        if (PidFd.Identity(one) is not { } identity) Assert.Skip("This test needs Linux 6.9.");
        else Assert.Equal((identity, true), (PidFd.Identity(again)!.Value, identity != PidFd.Identity(other)));
    }

    [Fact]
    public async Task Parent_and_namespaces_are_the_same_whether_the_descriptor_or_proc_is_asked()
    {
        await using var child = ChildProcess.Start("unshare", "--mount", "sleep", "60");
        await Eventually.HoldsAsync(() => File.ReadAllText($"/proc/{child.Id}/comm") == "sleep\n", what: "it has its namespace");
        using var held = PidFd.TryOpen(child.Id, out _)!;
        using var noProcess = new EventSignal();
        foreach (var asked in new[] { held, noProcess.Descriptor })
        {
            Assert.Equal(Environment.ProcessId, PidFd.Parent(asked, child.Id));
            Assert.Equal(ProcessTable.NamespaceNumber(child.Id, NamespaceKind.Mounts), PidFd.Namespace(asked, child.Id, NamespaceKind.Mounts));
            Assert.Equal(ProcessTable.NamespaceNumber(child.Id, NamespaceKind.Users), PidFd.Namespace(asked, child.Id, NamespaceKind.Users));
        }

        Assert.NotEqual(ProcessTable.NamespaceNumber(Environment.ProcessId, NamespaceKind.Mounts), PidFd.Namespace(held, child.Id, NamespaceKind.Mounts));
        var incarnation = PidFd.Incarnation(held, child.Id);
        await child.KillAsync();
        Assert.NotNull(incarnation);
        Assert.Null(PidFd.Parent(held, child.Id));
        Assert.Null(PidFd.Namespace(held, child.Id, NamespaceKind.Mounts));
    }

    [Fact]
    public async Task Of_a_process_that_has_ended_nothing_is_said_though_another_has_its_number()
    {
        await using var child = ChildProcess.Start("sleep", "60");
        using var held = PidFd.TryOpen(child.Id, out _)!;
        await child.KillAsync();
        Assert.Null(PidFd.Parent(held, Environment.ProcessId));
        Assert.Null(PidFd.Namespace(held, Environment.ProcessId, NamespaceKind.Users));
    }

    [Fact]
    public void A_descriptor_of_something_else_is_no_process()
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllText(directory.File("file"), "Pid:\t1\n");
        using var file = Files.Open(directory.File("file"), Files.ReadOnly);
        using var signal = new EventSignal();
        Assert.Null(PidFd.ProcessId(file));
        Assert.Null(PidFd.ProcessId(signal.Descriptor));
    }
}
