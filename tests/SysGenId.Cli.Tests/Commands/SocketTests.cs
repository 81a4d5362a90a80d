using SysGenId.Cli.Sockets;
using SysGenId.TestSupport;

namespace SysGenId.Cli.Tests.Commands;

/// <summary>Which socket is asked, and what happens when nobody, or nobody sensible, answers.</summary>
public sealed class SocketTests
{
    [Fact]
    public void Without_a_name_the_agent_is_asked_where_there_is_one()
    {
        using var agent = FakeServer.Agent(("status", Answers.NodeStatus));
        File.WriteAllText(agent.Directory.File("control.sock"), "");
        var run = CommandRun.Of(new CommandRun.Settings { RunDirectory = agent.Directory.Path }, "status");
        Assert.StartsWith("node        worker-1", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void In_a_pod_the_control_socket_is_asked()
    {
        using var pod = FakeServer.Pod(("get", Answers.PodStatus));
        var run = CommandRun.Of(new CommandRun.Settings { RunDirectory = pod.Directory.Path }, "status");
        Assert.StartsWith("generation  42", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("status")]
    [InlineData("wait")]
    [InlineData("bump")]
    [InlineData("watchers")]
    [InlineData("history")]
    public void A_socket_that_is_not_there_is_said_to_be_missing(string command)
    {
        var run = CommandRun.Of(command, "--socket", "/nonexistent/node.sock");
        Assert.Equal(ExitCode.NoAnswer, run.ExitCode);
        Assert.StartsWith("sysgenid: Nobody answers at /nonexistent/node.sock: there is no such file.\n", run.Errors, StringComparison.Ordinal);
        Assert.Contains("sysgenid-operator node --standalone", run.Errors, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    [Fact]
    public void A_program_is_told_on_standard_output()
    {
        var run = CommandRun.Of("status", "-o", "json", "--socket", "/nonexistent/node.sock");
        Assert.Equal(ExitCode.NoAnswer, run.ExitCode);
        Assert.Equal("""{"ok":false,"error":"no-answer","message":"Nobody answers at /nonexistent/node.sock: there is no such file."}""" + "\n", run.Output);
        Assert.Empty(run.Errors);
    }

    [Fact]
    public void A_path_longer_than_any_socket_has_is_said_to_be_so()
    {
        var run = CommandRun.Of("status", "--socket", "/" + new string('x', 200));
        Assert.Equal(ExitCode.NoAnswer, run.ExitCode);
        Assert.Contains("at most 107 bytes", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_socket_nobody_serves_any_more_is_told_apart_from_a_missing_one()
    {
        using var agent = FakeServer.Agent();
        var left = agent.Directory.File("left.sock");
        using (var listener = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, default))
        {
            listener.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(left));
            File.Move(left, left + ".moved");
        }

        var run = CommandRun.Of("status", "--socket", left + ".moved");
        Assert.Equal(ExitCode.NoAnswer, run.ExitCode);
        Assert.Contains("nobody serves it now", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_socket_answers_nothing()
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllText(directory.File("file"), "");
        Assert.Equal(ExitCode.NoAnswer, CommandRun.Of("status", "--socket", directory.File("file")).ExitCode);
    }

    [Fact]
    public void A_server_that_hangs_up_is_reported()
    {
        using var agent = FakeServer.AfterGreeting(_ => null);
        var run = CommandRun.Of("status", "--socket", agent.Path);
        Assert.Equal(ExitCode.NoAnswer, run.ExitCode);
        Assert.Contains("ended before the answer", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_that_breaks_off_in_the_middle_is_reported()
    {
        using var agent = FakeServer.AfterGreeting(_ => System.Text.Encoding.UTF8.GetBytes(Answers.NodeStatus[..100]));
        var run = CommandRun.Of("status", "--socket", agent.Path);
        Assert.Equal(ExitCode.NoAnswer, run.ExitCode);
        Assert.Contains("ended before the answer", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_silent_server_is_given_up()
    {
        using var agent = FakeServer.Raw(_ => []);
        var run = CommandRun.Of(new CommandRun.Settings { Clock = new HurriedClock() }, "status", "--socket", agent.Path);
        Assert.Equal(ExitCode.NoAnswer, run.ExitCode);
        Assert.Contains("did not answer within 10 s", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void The_reason_of_a_server_that_refuses_and_hangs_up_is_shown()
    {
        using var agent = FakeServer.Raw(_ => FakeServer.Line(Answers.Error("too-many-connections", "at most 64 connections at one time")));
        var run = CommandRun.Of("status", "--socket", agent.Path);
        Assert.Equal(ExitCode.Failed, run.ExitCode);
        Assert.StartsWith("sysgenid: At most 64 connections at one time.\n", run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("permission-denied", ExitCode.PermissionDenied)]
    [InlineData("generation-exhausted", ExitCode.Failed)]
    [InlineData("state-unwritable", ExitCode.Failed)]
    [InlineData("shutting-down", ExitCode.Failed)]
    [InlineData("a-code-of-tomorrow", ExitCode.Failed)]
    public void Errors_have_exit_codes(string code, object exitCode)
    {
        using var agent = FakeServer.Agent(("status", Answers.Error(code, "no")));
        var run = CommandRun.Of("status", "--socket", agent.Path, "-o", "json");
        Assert.Equal(exitCode, run.ExitCode);
        Assert.Contains($"\"error\":\"{code}\"", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void An_answer_of_many_sidecars_is_read_whole()
    {
        var sidecar = """{"name":"namespace/pod-NUMBER","generation":42,"watchers":1,"outdated":0,"quiesced":false,"upToDate":true}""";
        var many = string.Join(',', Enumerable.Range(0, 2000).Select(number => sidecar.Replace("NUMBER", $"{number}", StringComparison.Ordinal)));
        using var agent = FakeServer.Agent(("status", $$"""{"ok":true,"generation":42,"watchers":2000,"outdated":0,"sidecars":[{{many}}]}"""));
        var run = CommandRun.Of("watchers", "--socket", agent.Path);
        Assert.Equal(ExitCode.Success, run.ExitCode);
        Assert.Contains("namespace/pod-1999", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void An_answer_beyond_the_bound_is_not_read()
    {
        using var agent = FakeServer.AfterGreeting(_ => FakeServer.Line("{\"ok\":true,\"x\":\"" + new string('x', 300 * 1024) + "\"}"));
        var run = CommandRun.Of("status", "--socket", agent.Path);
        Assert.Equal(ExitCode.Failed, run.ExitCode);
        Assert.Contains("longer than 262144 bytes", run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hello")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"ok":1}""")]
    [InlineData("""{"ok":true}""")]
    [InlineData("""{"ok":true,"generation":"42"}""")]
    [InlineData("""{"ok":true,"generation":-1}""")]
    [InlineData("""{"ok":true,"generation":4294967296}""")]
    [InlineData("""{"ok":true,"generation":1,"sidecars":[1]}""")]
    [InlineData("""{"ok":true,"generation":1,"node":"\ud800"}""")]
    [InlineData("""{"ok":true,"generation":1,"gate":true}""")]
    public void An_answer_that_makes_no_sense_is_said_to_make_none(string answer)
    {
        using var agent = FakeServer.Agent(("status", answer));
        var run = CommandRun.Of("status", "--socket", agent.Path);
        Assert.Equal(ExitCode.Failed, run.ExitCode);
        Assert.StartsWith("sysgenid: The answer cannot be understood: ", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_of_another_kind_is_not_talked_to()
    {
        using var other = FakeServer.Raw(_ => FakeServer.Line("""{"ok":true,"role":"planet"}"""));
        var run = CommandRun.Of("status", "--socket", other.Path);
        Assert.Equal(ExitCode.Failed, run.ExitCode);
        Assert.Contains("something this program does not know", run.Errors, StringComparison.Ordinal);
        Assert.Empty(other.Requests);
    }

    [Fact]
    public void Whose_socket_it_is_comes_from_the_greeting()
    {
        using var pod = FakeServer.Pod();
        using var connection = ServerConnection.Open(pod.Path, TimeProvider.System);
        Assert.Equal((SocketRole.Pod, "0.1.0"), (connection.Role, connection.ServerVersion));
    }
}
