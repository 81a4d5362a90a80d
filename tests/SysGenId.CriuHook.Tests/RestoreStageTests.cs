using System.Text;
using System.Text.Json;
using SysGenId.Core;
using SysGenId.Core.Protocol;
using SysGenId.TestSupport;
using SysGenId.TestSupport.Nodes;

namespace SysGenId.CriuHook.Tests;

public sealed class RestoreStageTests : IDisposable
{
    private const string Refusal = """{"ok":false,"error":"publish-timeout","message":"pages late"}""";

    private readonly HookUnderTest _hook = new();

    [Theory]
    [InlineData(CriuStage.PostRestore)]
    [InlineData(CriuStage.PreResume)]
    public async Task A_restore_is_reported_with_the_record_of_its_images(string stage)
    {
        await using var agent = _hook.WithRecord(41).AgentAnswering("""{"ok":true,"generation":42}""");

        var result = await _hook.RunAsync(stage, initPid: 4711);

        Assert.Equal((0, ""), (result.ExitCode, result.Errors));
        var request = Assert.Single(agent.Requests);
        Assert.Equal("restored", request.GetProperty("op").GetString());
        Assert.Equal(stage, request.GetProperty("stage").GetString());
        Assert.Equal(4711, request.GetProperty("initPid").GetInt32());
        Assert.Equal(41u, request.GetProperty("record").GetProperty("generation").GetUInt32());
        Assert.Equal(3, request.GetProperty("record").GetProperty("watchers").GetInt32());
        Assert.Empty(_hook.Missed);
    }

    [Fact]
    public async Task Where_the_agent_left_word_that_this_restore_is_published_it_is_not_asked_again()
    {
        await using var agent = _hook.WithRecord(41).AgentAnswering("""{"ok":true,"generation":42}""");
        var mark = _hook.PathOf(SystemPaths.PublishedName);

        File.WriteAllText($"{mark}{Environment.ProcessId + 1}", "");
        Assert.Equal(0, (await _hook.RunAsync(CriuStage.PreResume)).ExitCode);
        Assert.Single(agent.Requests);

        File.WriteAllText($"{mark}{Environment.ProcessId}", "");
        Assert.Equal(0, (await _hook.RunAsync(CriuStage.PreResume)).ExitCode);
        Assert.Single(agent.Requests);

        Assert.Equal(0, (await _hook.RunAsync(CriuStage.PostRestore)).ExitCode);
        Assert.Equal(2, agent.Requests.Count);
    }

    [Theory]
    [MemberData(nameof(UnknownOrigins))]
    public async Task What_is_no_record_is_unknown_origin(string what)
    {
        Plant(what);
        await using var agent = _hook.AgentAnswering("""{"ok":true}""");
        Assert.Equal(0, (await _hook.RunAsync(CriuStage.PostRestore)).ExitCode);
        Assert.False(Assert.Single(agent.Requests).TryGetProperty("record", out _));
    }

    public static TheoryData<string> UnknownOrigins =>
        ["nothing", "symbolic link", "directory", "fifo", "empty", "16 KiB and a byte", "no object", "binary", "no generation", "generation too large", "negative watchers"];

    [Fact]
    public async Task A_record_with_endless_names_still_fits_into_a_message()
    {
        var name = string.Concat(Enumerable.Repeat("ä", 7000));
        await File.WriteAllTextAsync(_hook.Record, $$"""{"generation":9,"watchers":1,"podName":"{{name}}"}""", TestContext.Current.CancellationToken);
        await using var agent = _hook.AgentAnswering("""{"ok":true}""");
        Assert.Equal(0, (await _hook.RunAsync(CriuStage.PostRestore)).ExitCode);
        var record = Assert.Single(agent.Requests).GetProperty("record");
        Assert.Equal((9u, 1, ""), (record.GetProperty("generation").GetUInt32(), record.GetProperty("watchers").GetInt32(), record.GetProperty("podName").GetString()));
    }

    [Fact]
    public async Task S25_a_restore_of_ours_is_refused_when_the_agent_says_that_it_fails()
    {
        await using var agent = _hook.WithRecord().AgentAnswering(Refusal.Replace("}", ""","policy":"Fail"}""", StringComparison.Ordinal));
        var result = await _hook.WithPolicy(RestoreFailurePolicy.Ignore, 20_000).RunAsync(CriuStage.PostRestore);
        Assert.Equal(1, result.ExitCode);
        Assert.StartsWith("sysgenid: restore refused: the node agent says publish-timeout: pages late", result.Errors, StringComparison.Ordinal);
        Assert.Contains("restoreFailurePolicy to Ignore", result.Errors, StringComparison.Ordinal);
        Assert.Equal('\n', result.Errors[^1]);
        Assert.Equal(1, result.Errors.Count(letter => letter == '\n'));
    }

    [Fact]
    public async Task S25_the_agents_policy_goes_before_the_one_it_left_behind()
    {
        await using var agent = _hook.WithRecord().AgentAnswering(Refusal.Replace("}", ""","policy":"Ignore"}""", StringComparison.Ordinal));
        Assert.Equal(0, (await _hook.WithPolicy(RestoreFailurePolicy.Fail, 20_000).RunAsync(CriuStage.PostRestore)).ExitCode);
    }

    [Theory]
    [InlineData(nameof(RestoreFailurePolicy.Fail), 1)]
    [InlineData(nameof(RestoreFailurePolicy.Ignore), 0)]
    public async Task S25_without_a_word_from_the_agent_the_policy_it_left_behind_holds(string policy, int exitCode)
    {
        await using var agent = _hook.WithRecord().AgentAnswering(Refusal);
        Assert.Equal(exitCode, (await _hook.WithPolicy(Enum.Parse<RestoreFailurePolicy>(policy), 20_000).RunAsync(CriuStage.PostRestore)).ExitCode);
    }

    [Fact]
    public async Task S25_a_restore_that_is_not_ours_goes_on_whatever_the_agent_says()
    {
        await using var agent = _hook.AgentAnswering(Refusal.Replace("}", ""","policy":"Fail"}""", StringComparison.Ordinal));
        Assert.Equal(0, (await _hook.RunAsync(CriuStage.PostRestore)).ExitCode);
    }

    [Fact]
    public async Task S25_a_restore_that_is_not_ours_goes_on_at_once_without_an_agent()
    {
        var (result, time) = await _hook.WithPolicy(RestoreFailurePolicy.Fail, 60_000).TimeAsync(CriuStage.PostRestore);
        Assert.Equal(0, result.ExitCode);
        Assert.True(time < Eventually.Patience);
        Assert.False(Assert.Single(_hook.Missed).IsRefused);
    }

    [Fact]
    public async Task S25_under_Fail_a_restore_of_ours_is_refused_when_no_agent_comes_within_the_publish_timeout()
    {
        var (result, time) = await _hook.WithRecord().WithPolicy(RestoreFailurePolicy.Fail, 300).TimeAsync(CriuStage.PostRestore);
        Assert.Equal(1, result.ExitCode);
        Assert.InRange(time, TimeSpan.FromMilliseconds(300), NodePolicy.Default.PublishTimeout);
        Assert.True(Assert.Single(_hook.Missed).IsRefused);
    }

    [Fact]
    public async Task S25_under_Ignore_the_miss_is_left_for_the_agent()
    {
        var result = await _hook.WithRecord(41).WithPolicy(RestoreFailurePolicy.Ignore, 100).RunAsync(CriuStage.PostRestore);

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("goes on without a new generation", result.Errors, StringComparison.Ordinal);
        var missed = Assert.Single(_hook.Missed);
        Assert.Equal((false, 41u, Environment.ProcessId), (missed.IsRefused, missed.Record!.Generation, missed.InitPid));
        Assert.Equal(await File.ReadAllTextAsync("/proc/self/cgroup", TestContext.Current.CancellationToken), missed.Cgroups);
        Assert.Equal(Environment.ProcessId, missed.CriuPid);
        Assert.Contains("cannot be reached", missed.Reason, StringComparison.Ordinal);
        Assert.Equal($"{missed.TimeNs}-{missed.CriuPid}.json", Path.GetFileName(Assert.Single(Directory.GetFiles(_hook.MissedDirectory))));
    }

    [Fact]
    public async Task Nothing_is_left_where_no_agent_made_a_place_for_it()
    {
        Directory.Delete(_hook.MissedDirectory);
        Assert.Equal(0, (await _hook.RunAsync(CriuStage.PostRestore)).ExitCode);
        Assert.False(Directory.Exists(_hook.MissedDirectory));
    }

    [Fact]
    public async Task An_agent_that_stays_away_does_not_cost_the_nodes_memory()
    {
        for (var number = 0; number < 5000; number++) await File.WriteAllBytesAsync(Path.Join(_hook.MissedDirectory, $"{number}.json"), [], TestContext.Current.CancellationToken);
        var result = await _hook.RunAsync(CriuStage.PostRestore);
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("the place for missed restores is full", result.Errors, StringComparison.Ordinal);
        Assert.Equal(5000, Directory.GetFiles(_hook.MissedDirectory).Length);
    }

    [Fact]
    public async Task A_time_out_that_is_in_the_agents_history_is_not_left_a_second_time()
    {
        await using var agent = _hook.WithRecord().WithPolicy(RestoreFailurePolicy.Ignore, 20_000).AgentAnswering(Refusal);
        Assert.Equal(0, (await _hook.RunAsync(CriuStage.PostRestore)).ExitCode);
        Assert.Empty(_hook.Missed);
    }

    [Fact]
    public async Task A_restore_of_ours_waits_for_an_agent_that_starts_again()
    {
        _hook.WithRecord().WithPolicy(RestoreFailurePolicy.Fail, 20_000);
        Task<CommandResult> run;
        await using (var first = FakeAgent.HangingUp(_hook.Socket))
        {
            run = _hook.RunAsync(CriuStage.PostRestore);
            await Eventually.HoldsAsync(() => first.Requests.Count > 0);
        }

        await using var second = _hook.AgentAnswering("""{"ok":true}""");
        Assert.Equal(0, (await run).ExitCode);
        Assert.Empty(_hook.Missed);
    }

    [Fact]
    public async Task An_agent_that_is_shutting_down_is_asked_again()
    {
        var answers = 0;
        await using var agent = FakeAgent.Answering(
            _hook.WithRecord().Socket, _ => answers++ == 0 ? """{"ok":false,"error":"shutting-down","message":"later"}""" : """{"ok":true}""");
        Assert.Equal(0, (await _hook.RunAsync(CriuStage.PostRestore)).ExitCode);
        Assert.Equal(2, answers);
    }

    [Fact]
    public async Task S25_a_silent_agent_holds_nobody_longer_than_the_publish_timeout()
    {
        await using var agent = FakeAgent.Silent(_hook.WithPolicy(RestoreFailurePolicy.Fail, 300).WithRecord().Socket);
        var (result, time) = await _hook.TimeAsync(CriuStage.PostRestore);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("did not answer in time", result.Errors, StringComparison.Ordinal);
        Assert.InRange(time, TimeSpan.FromMilliseconds(300), NodePolicy.Default.PublishTimeout);
    }

    [Theory]
    [InlineData("hello\n")]
    [InlineData("{}\n")]
    [InlineData("{\"ok\":1}\n")]
    [InlineData("[{\"ok\":true}]\n")]
    [InlineData("{\"ok\":true}{\"ok\":true}\n")]
    [InlineData("\n")]
    public async Task An_answer_that_is_none_refuses_a_restore_of_ours(string answer)
    {
        await using var agent = FakeAgent.Sending(_hook.WithRecord().Socket, () => Encoding.UTF8.GetBytes(answer));
        Assert.Equal(1, (await _hook.RunAsync(CriuStage.PostRestore)).ExitCode);
        File.Delete(_hook.Record);
        Assert.Equal(0, (await _hook.RunAsync(CriuStage.PostRestore)).ExitCode);
    }

    [Fact]
    public async Task An_answer_of_more_than_16_KiB_is_none()
    {
        var answer = Encoding.UTF8.GetBytes($$"""{"ok":true,"x":"{{new string('x', 17_000)}}"}""" + "\n");
        await using var agent = FakeAgent.Sending(_hook.WithRecord().Socket, () => answer);
        var result = await _hook.RunAsync(CriuStage.PostRestore);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("more than 16384 bytes", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pre_resume_refuses_nothing_and_waits_for_nobody()
    {
        var (result, time) = await _hook.WithRecord().WithPolicy(RestoreFailurePolicy.Fail, 60_000).TimeAsync(CriuStage.PreResume);
        Assert.Equal(0, result.ExitCode);
        Assert.True(time < Eventually.Patience);
        Assert.Empty(_hook.Missed);

        await using var agent = FakeAgent.Silent(_hook.Socket);
        (result, time) = await _hook.TimeAsync(CriuStage.PreResume);
        Assert.Equal(0, result.ExitCode);
        Assert.True(time < Eventually.Patience);
    }

    [Theory]
    [InlineData("{\"publishTimeoutMs\":2147483647}")]
    [InlineData("{\"publishTimeoutMs\":-1}")]
    [InlineData("garbage")]
    [InlineData("")]
    public void A_policy_file_may_say_anything_and_CRIU_is_held_a_minute_at_most(string policy)
    {
        File.WriteAllText(_hook.PathOf("node.policy"), policy);
        Assert.InRange(HookCall.FromEnvironment(_hook.Socket).Policy.PublishTimeout, TimeSpan.Zero, TimeSpan.FromMinutes(1));
    }

    [Theory]
    [InlineData("pre-restore")]
    [InlineData("setup-namespaces")]
    [InlineData("post-setup-namespaces")]
    [InlineData("network-lock")]
    [InlineData("network-unlock")]
    [InlineData("post-resume")]
    [InlineData("orphan-pts-master")]
    [InlineData("a stage of the future")]
    public async Task Other_stages_touch_nothing(string stage)
    {
        await using var agent = _hook.WithRecord().AgentAnswering("""{"ok":false,"error":"invalid-argument","message":"no"}""");
        var result = await _hook.RunAsync(stage);
        Assert.Equal((0, "", ""), (result.ExitCode, result.Output, result.Errors));
        Assert.Empty(agent.Requests);
    }

    public void Dispose() => _hook.Dispose();

    private void Plant(string what)
    {
        switch (what)
        {
            case "symbolic link":
                File.WriteAllText(_hook.PathOf("elsewhere"), """{"generation":1}""");
                File.CreateSymbolicLink(_hook.Record, _hook.PathOf("elsewhere"));
                break;
            case "directory": Directory.CreateDirectory(_hook.Record); break;
            case "fifo": System.Diagnostics.Process.Start("mkfifo", [_hook.Record]).WaitForExit(); break;
            case "empty": File.WriteAllText(_hook.Record, ""); break;
            case "16 KiB and a byte": File.WriteAllText(_hook.Record, """{"generation":1}""".PadRight(16 * 1024 + 1)); break;
            case "no object": File.WriteAllText(_hook.Record, "17"); break;
            case "binary": File.WriteAllBytes(_hook.Record, [0, 255, 1, 254]); break;
            case "no generation": File.WriteAllText(_hook.Record, JsonSerializer.Serialize(new { watchers = 1 })); break;
            case "generation too large": File.WriteAllText(_hook.Record, """{"generation":4294967296}"""); break;
            case "negative watchers": File.WriteAllText(_hook.Record, """{"generation":1,"watchers":-1}"""); break;
            default: break;
        }
    }
}
