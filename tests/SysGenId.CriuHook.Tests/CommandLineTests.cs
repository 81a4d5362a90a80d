using SysGenId.Core;
using SysGenId.Core.Protocol;
using SysGenId.TestSupport;

namespace SysGenId.CriuHook.Tests;

public sealed class CommandLineTests
{
    public CommandLineTests() => Requires.CriuHook();

    [Fact]
    public async Task It_tells_its_version()
    {
        var result = await ChildProcess.RunAsync(ToolPaths.CriuHook, "--version");
        Assert.Equal(0, result.ExitCode);
        Assert.Matches(@"^sysgenid-criu-hook \d+\.\d+\.\d+\n$", result.Output);
    }

    [Fact]
    public async Task It_tells_what_it_is_for()
    {
        var result = await ChildProcess.RunAsync(ToolPaths.CriuHook, "--help");
        Assert.Equal((0, ""), (result.ExitCode, result.Errors));
        Assert.Contains("--agent PATH", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--agent")]
    [InlineData("--agent", "")]
    [InlineData("--agent", "/a", "--version")]
    [InlineData("post-restore")]
    public async Task Wrong_arguments_are_named(params string[] arguments)
    {
        var result = await ChildProcess.RunAsync(ToolPaths.CriuHook, arguments);
        Assert.Equal(2, result.ExitCode);
        Assert.StartsWith("sysgenid: unknown arguments", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_by_hand_it_says_who_runs_it()
    {
        var result = await ChildProcess.RunAsync("env", "-u", HookCall.StageVariable, ToolPaths.CriuHook);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("CRIU runs this program", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void What_ends_it_early_knows_the_same_stages_and_paths()
    {
        var source = File.ReadAllText(Path.Join(ToolPaths.Repository, "src/SysGenId.CriuHook/leave-early.c"));
        string[] ours = [CriuStage.PreDump, CriuStage.PostDump, CriuStage.PostRestore, CriuStage.PreResume];
        Assert.Contains($"ours[] = {{ {string.Join(", ", ours.Select(stage => $"\"{stage}\""))} }};", source, StringComparison.Ordinal);
        Assert.Contains($"agent = \"{SystemPaths.AgentSocket}\"", source, StringComparison.Ordinal);
        Assert.Contains($"%.*s/{SystemPaths.PublishedName}%d", source, StringComparison.Ordinal);
    }
}
