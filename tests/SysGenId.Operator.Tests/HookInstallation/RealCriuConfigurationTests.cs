using SysGenId.TestSupport;
using SysGenId.TestSupport.Containers;

namespace SysGenId.Operator.Tests.HookInstallation;

/// <summary>What is written is what CRIU reads.</summary>
public sealed class RealCriuConfigurationTests : IDisposable
{
    private readonly HookHost _host = new();

    [Fact]
    public async Task CRIU_takes_the_configuration_and_runs_our_hook_and_the_one_that_was_there()
    {
        Requires.CriuHook();
        await using var own = await CheckpointNamespace.CreateAsync();
        var (theirs, calls) = (Path.Combine(own.Disk, "theirs"), Path.Combine(own.Disk, "calls"));
        HookHost.WriteProgram(_host.Binary, $"echo ours $CRTOOLS_SCRIPT_ACTION >> {calls}");
        HookHost.WriteProgram(theirs, $"echo theirs $CRTOOLS_SCRIPT_ACTION >> {calls}");
        _host.WriteConfiguration($"tcp-established\naction-script {theirs}");
        Assert.True(_host.Install(options => options with { Criu = Path.Combine(ToolPaths.CheckpointTools, "criu") }) == 0, _host.Errors);
        own.WriteCriuConfig("default.conf", _host.Text);
        File.Delete(calls);

        var probe = own.Start(ToolPaths.CriuHook, "--probe-child");
        await Eventually.HoldsAsync(() => Directory.GetFiles($"/proc/{probe.Id}/fd").Count(file => Core.Linux.ProcessTable.Link(file) == "/dev/null") == 3);
        var images = Directory.CreateDirectory(Path.Combine(own.Disk, "images")).FullName;
        var dump = await own.RunAsync("criu", "dump", "-t", $"{probe.Id}", "-D", images, "-o", "dump.log");
        Assert.True(dump.ExitCode == 0, await File.ReadAllTextAsync(Path.Combine(images, "dump.log"), TestContext.Current.CancellationToken));

        Assert.Equal(
            ["ours post-dump", "ours pre-dump", "theirs post-dump", "theirs pre-dump"],
            (await File.ReadAllLinesAsync(calls, TestContext.Current.CancellationToken)).Order(StringComparer.Ordinal));
    }

    public void Dispose() => _host.Dispose();
}
