namespace SysGenId.Cli.Tests.Commands;

/// <summary>What people read, word by word.</summary>
public sealed class TextTests
{
    public static TheoryData<string, string, string> NodeAnswers => new()
    {
        { "status-node", "status", Answers.NodeStatus },
        { "status-node-troubled", "status", Answers.TroubledNodeStatus },
        { "watchers-node", "status", Answers.NodeStatus },
        { "watchers-node-none", "status", Answers.TroubledNodeStatus },
        { "history-node", "history", Answers.History },
        { "history-node-empty", "history", """{"ok":true,"changes":[]}""" },
    };

    [Theory]
    [MemberData(nameof(NodeAnswers))]
    public void A_node_is_described(string golden, string operation, string answer)
    {
        using var agent = FakeServer.Agent((operation, answer));
        Golden.Matches(golden, CommandRun.Of(golden.Split('-')[0], "--socket", agent.Path).Everything);
    }

    [Theory]
    [MemberData(nameof(NodeAnswers))]
    public void A_program_gets_the_answer_as_the_agent_gave_it(string golden, string operation, string answer)
    {
        using var agent = FakeServer.Agent((operation, answer));
        var run = CommandRun.Of(golden.Split('-')[0], "--socket", agent.Path, "--output", "json");
        Assert.Equal((ExitCode.Success, answer + "\n", ""), (run.ExitCode, run.Output, run.Errors));
    }

    [Theory]
    [InlineData("status-pod", "get", Answers.PodStatus)]
    [InlineData("status-pod-troubled", "get", Answers.LonelyPodStatus)]
    [InlineData("watchers-pod", "watchers", """{"ok":true,"generation":42,"watchers":3,"outdated":0,"expected":0}""")]
    [InlineData("watchers-pod-returning", "watchers", """{"ok":true,"generation":42,"watchers":3,"outdated":2,"expected":1}""")]
    [InlineData("history-pod", "get", Answers.PodStatus)]
    public void A_pod_is_described(string golden, string operation, string answer)
    {
        using var pod = FakeServer.Pod((operation, answer));
        Golden.Matches(golden, CommandRun.Of(golden.Split('-')[0], "--socket", pod.Path).Everything);
    }

    [Theory]
    [InlineData("help", "--help")]
    [InlineData("help-status", "status --help")]
    [InlineData("help-watch", "watch --help")]
    [InlineData("help-wait", "wait -h")]
    [InlineData("help-bump", "bump --help")]
    [InlineData("help-watchers", "watchers --help")]
    [InlineData("help-history", "history --help")]
    [InlineData("help-doctor", "doctor --help")]
    [InlineData("help-completion", "completion --help")]
    [InlineData("version", "--version")]
    [InlineData("version-json", "--version --output json")]
    [InlineData("usage-nothing", "")]
    [InlineData("usage-command", "stauts")]
    [InlineData("usage-option", "wait --timeot 3")]
    [InlineData("usage-timeout", "wait --timeout soon")]
    [InlineData("usage-minimum", "bump --min 4294967296")]
    [InlineData("usage-count", "watch --count -1")]
    [InlineData("usage-output", "status --output xml")]
    [InlineData("usage-value", "bump --min")]
    [InlineData("usage-shell", "completion ksh")]
    [InlineData("usage-no-shell", "completion")]
    public void The_command_line_explains_itself(string golden, string arguments)
    {
        // The test process is not called sysgenid.
        var run = CommandRun.Of(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Golden.Matches(golden, run.Everything.Replace(Path.GetFileName(Environment.ProcessPath)!, "sysgenid", StringComparison.Ordinal));
    }

    [Fact]
    public void A_name_cannot_write_to_the_terminal_what_it_likes()
    {
        var status = Answers.NodeStatus.Replace("worker-1", """\u001b[2Jworker\nok  all is well\u202e""", StringComparison.Ordinal);
        using var agent = FakeServer.Agent(("status", status));
        var run = CommandRun.Of("status", "--socket", agent.Path);
        Assert.Contains("?[2Jworker?ok  all is well?\n", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', run.Output);
    }
}
