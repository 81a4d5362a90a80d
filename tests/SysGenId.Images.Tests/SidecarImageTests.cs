using SysGenId.TestSupport;
using SysGenId.TestSupport.Containers;
using SysGenId.TestSupport.Nodes;

namespace SysGenId.Images.Tests;

public sealed class SidecarImageTests(BuiltImages images)
{
    private const uint Owner = 65532;

    [Theory]
    [InlineData(ContainerRuntime.Runc)]
    [InlineData(ContainerRuntime.Crun)]
    internal async Task A_pod_is_served_by_the_image_with_a_read_only_root_and_no_capabilities(ContainerRuntime runtime)
    {
        await using var machine = await CheckpointNamespace.CreateAsync(CgroupLayout.Unified);
        await using var node = await NodeUnderTest.StartAsync(machine);
        var pod = machine.CreatePod();
        await using var image = await ImageContainer.UnpackAsync(machine, images.Sidecar);
        var directory = Directory.CreateDirectory(Path.Join(machine.Memory, "pod")).FullName;
        (await ChildProcess.RunAsync("chown", $"{Owner}:{Owner}", directory)).OrThrow();

        var sidecar = image.Start(runtime, new ImageRun("--dir", "/run/sysgenid", "--agent", "/run/sysgenid-agent/node.sock")
        {
            Cgroup = pod.CgroupOf("sidecar"),
            Mounts = [new(directory, "/run/sysgenid", Writable: true), new(node.RunDirectory, "/run/sysgenid-agent")],
        });
        var page = Path.Join(directory, "generation");
        await Eventually.HoldsAsync(() => File.Exists(page) || sidecar.HasExited, what: "the page is there");
        Assert.False(sidecar.HasExited, sidecar.Evidence);
        await Eventually.HoldsAsync(async () => (await node.StatusAsync()).GetProperty("sidecars").GetArrayLength() == 1, what: "the agent knows it");
        await node.ForceAsync(41);
        await Eventually.HoldsAsync(() => CounterPageFile.ReadGeneration(page) == 41, what: "the page shows the new generation");

        var process = Assert.Single(pod.Processes);
        var status = File.ReadAllLines($"/proc/{process}/status");
        Assert.Contains($"Uid:\t{Owner}\t{Owner}\t{Owner}\t{Owner}", status);
        Assert.Contains("CapBnd:\t0000000000000000", status);
        Assert.Contains("CapEff:\t0000000000000000", status);
        sidecar.Send(Signal.Terminate);
        await sidecar.ExitAsync();
    }

    [Fact]
    public async Task The_sidecar_for_arm64_serves_in_an_emulated_machine()
    {
        Requires.That(images.Sidecar.Manifests.ContainsKey("arm64"), "needs the toolchain for arm64 (gcc-aarch64-linux-gnu, libc6-dev-arm64-cross)");
        Requires.That(File.Exists(ToolPaths.Qemu), $"needs {ToolPaths.Qemu}: run eng/install-test-tools.sh");
        await using var machine = await CheckpointNamespace.CreateAsync();
        await using var node = await NodeUnderTest.StartAsync(machine);
        using var root = TemporaryDirectory.OnDisk();
        await images.Sidecar.UnpackAsync("arm64", root.Path);
        var directory = Directory.CreateDirectory(Path.Join(machine.Memory, "pod")).FullName;
        var sidecar = machine.StartInPod(
            machine.CreatePod(), "sidecar", ToolPaths.Qemu, root.File("sysgenid-sidecar"), "--dir", directory, "--agent", node.Socket);
        var page = Path.Join(directory, "generation");
        await Eventually.HoldsAsync(() => File.Exists(page) || sidecar.HasExited, what: "the page is there");
        Assert.False(sidecar.HasExited, sidecar.Evidence);
        await Eventually.HoldsAsync(async () => (await node.StatusAsync()).GetProperty("sidecars").GetArrayLength() == 1, what: "the agent knows it");
        await node.ForceAsync(7);
        await Eventually.HoldsAsync(() => CounterPageFile.ReadGeneration(page) == 7, what: "the page shows the new generation");
    }
}
