using SysGenId.TestSupport;
using SysGenId.TestSupport.Clusters;
using SysGenId.TestSupport.Containers;
using SysGenId.TestSupport.Nodes;

namespace SysGenId.Images.Tests;

public sealed class OperatorImageTests(BuiltImages images)
{
    [Fact]
    public async Task The_operator_starts_as_the_user_of_its_image()
    {
        await using var machine = await CheckpointNamespace.CreateAsync();
        await using var image = await ImageContainer.UnpackAsync(machine, images.Operator);
        var help = (await image.RunAsync(ContainerRuntime.Runc, new ImageRun("--help") { Cgroup = machine.CreatePod().CgroupOf("help") })).OrThrow();
        Assert.Contains("controller", help.Output, StringComparison.Ordinal);
        Assert.Equal("", help.Errors);
    }

    [Fact]
    public async Task An_agent_serves_from_the_image_and_its_command_line_and_hook_are_in_it()
    {
        await using var machine = await CheckpointNamespace.CreateAsync();
        await using var image = await ImageContainer.UnpackAsync(machine, images.Operator);
        var run = Directory.CreateDirectory(Path.Join(machine.Memory, "run")).FullName;
        var state = Directory.CreateDirectory(Path.Join(machine.Memory, "state")).FullName;
        BindMount[] mounts = [new(run, "/run/sysgenid", Writable: true), new(state, "/var/lib/sysgenid", Writable: true)];
        var pod = machine.CreatePod();
        var address = $"127.0.0.1:{FreePort.Take()}";
        var agent = image.Start(ContainerRuntime.Runc, new ImageRun("node", "--standalone", "--log-format", "json", "--http-address", address)
        {
            User = "0:0",
            Cgroup = pod.CgroupOf("agent"),
            Mounts = mounts,
        });
        await Eventually.HoldsAsync(() => File.Exists(Path.Join(run, "node.sock")) || agent.HasExited, what: "the agent serves");
        Assert.False(agent.HasExited, agent.Evidence);
        using var http = new HttpClient();
        await Eventually.HoldsAsync(
            async () =>
            {
                try
                {
                    return (await http.GetAsync(new Uri($"http://{address}/readyz"), TestContext.Current.CancellationToken)).IsSuccessStatusCode;
                }
                catch (HttpRequestException)
                {
                    return false; // It listens there a moment after it serves.
                }
            },
            what: "the agent is ready");
        Assert.Equal(0u, CounterPageFile.ReadGeneration(Path.Join(run, "generation")));

        var hook = await image.RunAsync(ContainerRuntime.Runc, new ImageRun("--version")
        {
            EntryPoint = ["/usr/lib/sysgenid/sysgenid-criu-hook"],
            Cgroup = pod.CgroupOf("hook"),
        });
        Assert.Equal(0, hook.ExitCode);
        var cli = (await image.RunAsync(ContainerRuntime.Runc, new ImageRun("--version")
        {
            EntryPoint = ["/usr/lib/sysgenid/sysgenid"],
            Cgroup = pod.CgroupOf("cli"),
        })).OrThrow();
        Assert.StartsWith("sysgenid ", cli.Output, StringComparison.Ordinal);
        agent.Send(Signal.Terminate);
        await agent.ExitAsync();
        Assert.Equal(0, agent.ExitCode);
    }

    [Fact]
    public async Task TLS_works_in_the_image()
    {
        Requires.That(ApiServerProcess.Program is not null, "needs a test API server (SYSGENID_TEST_APISERVER)");
        using var audit = new TemporaryDirectory();
        await using var server = await ApiServerProcess.StartAsync("--audit-log", audit.File("log"));
        await using var machine = await CheckpointNamespace.CreateAsync();
        await using var image = await ImageContainer.UnpackAsync(machine, images.Operator);
        var directory = Directory.CreateDirectory(Path.Join(machine.Disk, "kube")).FullName;
        File.Copy(server.Kubeconfig, Path.Join(directory, "config"));
        File.SetUnixFileMode(Path.Join(directory, "config"), UnixFileMode.UserRead | UnixFileMode.OtherRead);
        var pod = machine.CreatePod();
        var result = await image.RunAsync(ContainerRuntime.Runc, new ImageRun("uninstall", "--kubeconfig", "/kube/config", "--timeout", "10s")
        {
            Cgroup = pod.CgroupOf("uninstall"),
            Mounts = [new(directory, "/kube")],
        });

        Assert.True(result.ExitCode == 0, result.Output + result.Errors);
        await Eventually.HoldsAsync(() => File.ReadAllText(audit.File("log")).Contains("/apis/sysgenid.io/v1alpha1/systemgenerations", StringComparison.Ordinal));
    }
}
