namespace SysGenId.Cli.Tests.Commands;

public sealed class WaitTests
{
    private const string Done = """{"ok":true,"generation":42}""";

    [Fact]
    public void It_waits_for_the_generation_that_is_current()
    {
        using var agent = FakeServer.Agent(("status", Answers.NodeStatus), ("wait-watchers", Done));
        var run = CommandRun.Of("wait", "--timeout", "1.5", "--socket", agent.Path);
        Assert.Equal(ExitCode.Success, run.ExitCode);
        Assert.StartsWith("Every watcher has adapted to generation 42 (waited ", run.Output, StringComparison.Ordinal);
        Assert.Equal("""{"op":"wait-watchers","generation":42,"timeoutMs":1500}""", agent.Requests[^1]);
    }

    [Fact]
    public void It_waits_without_limit_unless_told_otherwise()
    {
        using var pod = FakeServer.Pod(("get", Answers.PodStatus), ("wait-watchers", Done));
        Assert.Equal(ExitCode.Success, CommandRun.Of("wait", "--socket", pod.Path).ExitCode);
        Assert.Equal("""{"op":"wait-watchers","generation":42,"timeoutMs":0}""", pod.Requests[^1]);
    }

    [Fact]
    public void It_waits_for_a_generation_by_number()
    {
        using var agent = FakeServer.Agent(("wait-watchers", Done));
        Assert.Equal(ExitCode.Success, CommandRun.Of("wait", "--generation", "42", "--socket", agent.Path).ExitCode);
        Assert.Equal("""{"op":"wait-watchers","generation":42,"timeoutMs":0}""", Assert.Single(agent.Requests));
    }

    [Fact]
    public void Programs_get_the_answer()
    {
        using var agent = FakeServer.Agent(("status", Answers.NodeStatus), ("wait-watchers", Done));
        Assert.Equal(Done + "\n", CommandRun.Of("wait", "--socket", agent.Path, "-o", "json").Output);
    }

    [Theory]
    [InlineData("wait-timed-out", """{"ok":false,"error":"timed-out","message":"3 watcher(s) are still outdated","generation":42,"outdated":3}""", ExitCode.TimedOut)]
    [InlineData("wait-interrupted", """{"ok":false,"error":"interrupted","message":"a newer generation came","generation":43}""", ExitCode.Interrupted)]
    public void S12_a_wait_that_ends_badly_says_how(string golden, string answer, object exitCode)
    {
        using var agent = FakeServer.Agent(("status", Answers.NodeStatus), ("wait-watchers", answer));
        var run = CommandRun.Of("wait", "--timeout", "2", "--socket", agent.Path);
        Assert.Equal(exitCode, run.ExitCode);
        Golden.Matches(golden, run.Everything);
        var forPrograms = CommandRun.Of("wait", "--timeout", "2", "--socket", agent.Path, "--output", "json");
        Assert.Equal((answer + "\n", "", exitCode), (forPrograms.Output, forPrograms.Errors, forPrograms.ExitCode));
    }
}
