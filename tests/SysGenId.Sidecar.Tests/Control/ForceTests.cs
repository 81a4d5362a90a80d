using SysGenId.Core.Generations;
using SysGenId.Core.Protocol;
using SysGenId.Sidecar.Tests.Fixture;
using SysGenId.TestSupport;

namespace SysGenId.Sidecar.Tests.Control;

public sealed class ForceTests
{
    private const string AskFromPython =
        "import socket,sys; s=socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]); s.sendall(b'{\"op\":\"force\"}\\n'); print(s.recv(4096).decode())";

    [Fact]
    public async Task S13_force_raises_the_generation_for_all_watchers_of_the_pod()
    {
        Requires.Root();
        using var sidecar = SidecarUnderTest.At(7);
        using var watcher = sidecar.Watch();
        await sidecar.CountsAsync(1, 0);
        using var control = sidecar.Control();

        var answer = control.Request(Operation.Force);

        Assert.Equal((true, 8u), (answer.Ok!.Value, answer.Generation!.Value));
        watcher.ReadUntil(8);
        var page = sidecar.Page();
        Assert.Equal((8u, GenerationCause.Forced, answer.Id!.Value), (page.Generation, page.Cause, page.Id));
        Assert.NotEqual(0, page.TimeNs);
    }

    [Fact]
    public void S03_force_reaches_the_minimum_or_the_next_number()
    {
        Requires.Root();
        using var sidecar = SidecarUnderTest.At(7);
        using var control = sidecar.Control();
        var force = Message.Request(Operation.Force);
        Assert.Equal(100u, control.Request(force with { MinimumGeneration = 100 }).Generation);
        Assert.Equal(101u, control.Request(force with { MinimumGeneration = 5 }).Generation);
        Assert.Equal(0x9000_0000u, control.Request(force with { MinimumGeneration = 0x9000_0000 }).Generation);
    }

    [Fact]
    public void S02_at_the_last_number_force_is_refused_and_nothing_changes()
    {
        Requires.Root();
        using var sidecar = SidecarUnderTest.At(uint.MaxValue);
        using var control = sidecar.Control();
        var before = sidecar.Page();
        Assert.Equal(ErrorCode.GenerationExhausted, control.Request(Operation.Force).Error);
        Assert.Equal(before, sidecar.Page());
    }

    [Fact]
    public async Task S24_two_forced_changes_have_two_names()
    {
        Requires.Root();
        using var sidecar = SidecarUnderTest.At(7);
        using var control = sidecar.Control();
        Assert.NotEqual(control.Request(Operation.Force).Id, control.Request(Operation.Force).Id);
        await Eventually.HoldsAsync(() => sidecar.Page().Generation == 9);
    }

    [Fact]
    public async Task S13_without_the_capability_force_is_denied()
    {
        Requires.Root();
        using var sidecar = SidecarUnderTest.At(7);
        OpenToEverybody(sidecar);
        var unprivileged = await ChildProcess.RunAsync(
            "setpriv", "--reuid", "65534", "--clear-groups", "/usr/bin/python3", "-c", AskFromPython, sidecar.ControlPath);
        Assert.Contains(ErrorCode.PermissionDenied, unprivileged.OrThrow().Output, StringComparison.Ordinal);
        Assert.Equal(7u, sidecar.Page().Generation);
    }

    [Fact]
    public async Task S13_the_capabilities_of_a_user_namespace_made_for_the_purpose_do_not_count()
    {
        Requires.Root();
        using var sidecar = SidecarUnderTest.At(7);
        OpenToEverybody(sidecar);
        var almighty = await ChildProcess.RunAsync(
            "setpriv", "--reuid", "65534", "--clear-groups", "unshare", "-Ur", "/usr/bin/python3", "-c", AskFromPython, sidecar.ControlPath);
        if (almighty.ExitCode != 0) Assert.Skip("needs user namespaces for unprivileged users");
        Assert.Contains(ErrorCode.PermissionDenied, almighty.Output, StringComparison.Ordinal);
        Assert.Equal(7u, sidecar.Page().Generation);
    }

    private static void OpenToEverybody(SidecarUnderTest sidecar) =>
        File.SetUnixFileMode(Path.GetDirectoryName(sidecar.Directory)!, (UnixFileMode)0x1ED);
}
