using SysGenId.Core.CounterPage;
using SysGenId.Core.Generations;
using SysGenId.TestSupport;

namespace SysGenId.Cli.Tests;

/// <summary>The program as users get it: one static file.</summary>
public sealed class ProgramTests
{
    [Theory]
    [InlineData("version", "--version")]
    [InlineData("help", "--help")]
    [InlineData("help-wait", "wait -h")]
    [InlineData("usage-command", "stauts")]
    [InlineData("usage-timeout", "wait --timeout soon")]
    [InlineData("usage-value", "bump --min")]
    [InlineData("completion-bash", "completion bash")]
    public async Task It_says_what_the_tests_of_the_source_say(string golden, string arguments)
    {
        Requires.PublishedCli();
        var result = await ChildProcess.RunAsync(ToolPaths.Cli, arguments.Split(' '));
        var errors = result.Errors.Length > 0 ? "--- standard error\n" + result.Errors : "";
        Golden.Matches(golden, $"{result.Output}{errors}--- exit code {result.ExitCode}\n");
    }

    [Fact]
    public async Task It_talks_to_an_agent()
    {
        Requires.PublishedCli();
        using var agent = FakeServer.Agent(("status", Answers.NodeStatus));
        var result = await ChildProcess.RunAsync(ToolPaths.Cli, "status", "--socket", agent.Path, "--output", "json");
        Assert.Equal(Answers.NodeStatus + "\n", result.OrThrow().Output);
    }

    [Fact]
    public async Task It_examines_the_machine_it_is_on()
    {
        Requires.PublishedCli();
        var result = await ChildProcess.RunAsync(ToolPaths.Cli, "doctor", "--socket", "/nonexistent/node.sock");
        Assert.Equal((1, ""), (result.ExitCode, result.Errors));
        Assert.Contains("ok    futex", result.Output, StringComparison.Ordinal);
        Assert.Contains("FAIL  agent", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Interrupting_it_ends_it_as_any_other_program()
    {
        Requires.PublishedCli();
        using var directory = new TemporaryDirectory();
        using var page = CounterPageWriter.Open(directory.File("generation"));
        await using var watch = ChildProcess.Start(ToolPaths.Cli, "watch", "--output", "json", "--socket", directory.File("node.sock"));
        await Eventually.HoldsAsync(() => watch.Output.Contains("\"generation\":0", StringComparison.Ordinal));
        (await ChildProcess.RunAsync("kill", "-INT", $"{watch.Id}")).OrThrow();
        await watch.ExitAsync();
        Assert.Equal((130, ""), (watch.ExitCode, watch.Errors));
    }

    [Fact]
    public async Task It_ends_when_nobody_reads_on()
    {
        Requires.PublishedCli();
        using var directory = new TemporaryDirectory();
        using var page = CounterPageWriter.Open(directory.File("generation"));
        await using var shell = ChildProcess.Start(
            "bash", "-c", "set -o pipefail; \"$0\" watch --output json --socket \"$1\" | head -1; echo exit $?", ToolPaths.Cli, directory.File("node.sock"));
        await Eventually.HoldsAsync(() => shell.Output.Contains("\"generation\":0", StringComparison.Ordinal));
        var generation = 0u;
        await Eventually.HoldsAsync(() =>
        {
            page.Publish(new PageContent(++generation, Guid.NewGuid(), 1, GenerationCause.Forced));
            return shell.HasExited;
        }, what: "it ends");
        await shell.ExitAsync();
        Assert.EndsWith("exit 141\n", shell.Output, StringComparison.Ordinal);
        Assert.Empty(shell.Errors);
    }
}
