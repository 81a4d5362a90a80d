using SysGenId.Adversity.Tests.Harness;
using SysGenId.TestSupport;

namespace SysGenId.Adversity.Tests.Links;

/// <summary>Symbolic links planted where we write: refused with a sentence or replaced, and never followed.</summary>
public sealed class PlantedLinkTests
{
    private const string Precious = "precious";

    [Theory]
    [InlineData("generation")]
    [InlineData("node.sock")]
    [InlineData("node.lock")]
    [InlineData("missed")]
    public async Task An_agent_refuses_a_link_in_the_place_of_what_it_keeps(string name)
    {
        await using var node = NodeOnTrial.Create();
        var target = Plant(node, Path.Combine(node.RunDirectory, name), isDirectory: name == "missed");

        Assert.Equal(1, await node.FailToStartAgentAsync());

        Assert.Contains(name, node.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", node.Log, StringComparison.Ordinal);
        IsUntouched(target);
    }

    [Theory]
    [InlineData("run/node.policy")]
    [InlineData("run/node.policy.new")]
    [InlineData("state/state.json.new")]
    public async Task An_agent_replaces_a_link_in_the_place_of_what_it_writes_anew(string name)
    {
        await using var node = NodeOnTrial.Create();
        var target = Plant(node, Path.Combine(node.Directory, name));

        await node.StartAgentAsync();
        await node.ForceAsync();
        Assert.Equal(0, await node.Process.StopAsync());

        Assert.Null(new FileInfo(Path.Combine(node.Directory, name)).LinkTarget);
        Assert.True(File.Exists(node.StateFile));
        IsUntouched(target);
    }

    [Fact]
    public async Task A_link_among_the_missed_restores_is_removed_and_not_followed()
    {
        await using var node = NodeOnTrial.Create();
        var link = Path.Combine(node.MissedDirectory, "1-1.json");
        var target = Plant(node, link);

        await node.StartAgentAsync();

        Assert.Null(new FileInfo(link).LinkTarget);
        Assert.Equal(0u, node.Generation);
        IsUntouched(target);
    }

    [Fact]
    public async Task A_hook_leaves_nothing_where_a_link_in_the_place_of_the_missed_restores_leads()
    {
        await using var node = NodeOnTrial.Create();
        Plant(node, node.MissedDirectory, isDirectory: true);

        await using var call = await HookCall.Restored(node, Environment.ProcessId, HookCall.ImagesWith(node, null)).EndAsync();

        Assert.Equal(0, call.ExitCode);
        Assert.Equal([Precious], Directory.EnumerateFileSystemEntries(node.MissedDirectory).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("sysgenid.json")]
    [InlineData(".sysgenid.json.new")]
    public async Task A_hook_replaces_a_link_in_the_place_of_its_record(string name)
    {
        await using var node = await NodeOnTrial.StartAsync();
        var pod = await node.StartPodAsync();
        var images = HookCall.ImagesWith(node, null);
        var target = Plant(node, Path.Combine(images, name));

        await using var call = await HookCall.Begin(node, "pre-dump", await pod.ContainerAsync(), images).EndAsync();

        Assert.True(call.ExitCode == 0, call.Errors);
        var record = new FileInfo(Path.Combine(images, "sysgenid.json"));
        Assert.Null(record.LinkTarget);
        Assert.Contains("\"generation\":0", File.ReadAllText(record.FullName), StringComparison.Ordinal);
        IsUntouched(target);
    }

    [Theory]
    [InlineData("generation")]
    [InlineData("generation.lock")]
    [InlineData("watch.sock")]
    [InlineData("control.sock")]
    public async Task A_sidecar_refuses_a_link_in_the_place_of_what_it_keeps(string name)
    {
        await using var node = NodeOnTrial.Create();
        var pod = node.CreatePod();
        var target = Plant(node, Path.Combine(pod.Directory, name));

        Assert.Equal(1, await pod.FailToStartSidecarAsync());

        Assert.Contains(name, pod.Sidecar.Errors, StringComparison.Ordinal);
        IsUntouched(target);
    }

    [Fact]
    public async Task A_page_with_a_second_name_is_refused()
    {
        await using var node = NodeOnTrial.Create();
        var pod = node.CreatePod();
        var other = node.UniquePath("other");
        Directory.CreateDirectory(pod.Directory);
        await File.WriteAllBytesAsync(other, new byte[4096], TestContext.Current.CancellationToken);
        (await ChildProcess.RunAsync("ln", other, pod.PagePath)).OrThrow();

        Assert.Equal(1, await pod.FailToStartSidecarAsync());

        Assert.Contains("not a regular file with one name", pod.Sidecar.Errors, StringComparison.Ordinal);
        Assert.Equal(new byte[4096], await File.ReadAllBytesAsync(other, TestContext.Current.CancellationToken));
    }

    /// <summary>A link at a path, to a file of 4096 bytes or a directory with a file in it that must stay as they are.</summary>
    private static string Plant(NodeOnTrial node, string path, bool isDirectory = false)
    {
        var target = node.UniquePath("target");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (isDirectory)
            target = Path.Combine(Directory.CreateDirectory(target).FullName, Precious);
        File.WriteAllText(target, Precious.PadRight(4096));
        File.SetUnixFileMode(target, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        if (isDirectory)
            Directory.CreateSymbolicLink(path, Path.GetDirectoryName(target)!);
        else
            File.CreateSymbolicLink(path, target);
        return target;
    }

    private static void IsUntouched(string target)
    {
        Assert.Equal(Precious.PadRight(4096), File.ReadAllText(target));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(target));
    }
}
