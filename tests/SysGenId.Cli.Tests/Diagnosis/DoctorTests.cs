using System.Text.Json;
using SysGenId.Cli.Diagnosis;
using SysGenId.Core.CounterPage;
using SysGenId.Core.Generations;

namespace SysGenId.Cli.Tests.Diagnosis;

public sealed class DoctorTests : IDisposable
{
    private const string SidecarStatus = Answers.PodStatus;

    private readonly FakeMachine _machine = new();

    public void Dispose() => _machine.Dispose();

    [Fact]
    public void On_a_machine_where_all_is_well_it_finds_nothing()
    {
        using var agent = Agent(Answers.NodeStatus, page: 42);
        Golden.Matches("doctor-well", Examine(agent).Everything.Replace(agent.Directory.Path, "/run/sysgenid", StringComparison.Ordinal));
    }

    [Fact]
    public void On_a_machine_without_anything_it_says_what_to_do()
    {
        foreach (var path in new[] { "/etc", "/opt", "/sys" }) _machine.Remove(path);
        _machine.CriuVersion = null;
        var run = CommandRun.Of(new CommandRun.Settings { Machine = _machine.Machine }, "doctor");
        Assert.Equal(ExitCode.Failed, run.ExitCode);
        Golden.Matches("doctor-nothing", run.Everything);
    }

    [Fact]
    public void Programs_get_every_check()
    {
        _machine.CriuVersion = null;
        using var agent = Agent(Answers.NodeStatus, page: 42);
        var run = Examine(agent, "--output", "json");
        var report = JsonDocument.Parse(run.Output).RootElement;
        Assert.False(report.GetProperty("ok").GetBoolean());
        var criu = report.GetProperty("checks").EnumerateArray().Single(check => check.GetProperty("name").GetString() == "criu");
        Assert.Equal("fail", criu.GetProperty("result").GetString());
        Assert.StartsWith("Install CRIU 4.0", criu.GetProperty("advice").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Everything_that_is_not_ok_comes_with_advice()
    {
        foreach (var path in new[] { "/etc", "/opt", "/sys", "/proc" }) _machine.Remove(path);
        _machine.Features = new KernelFeatures(false, false, false);
        using var agent = Agent(Answers.TroubledNodeStatus, page: null);
        var checks = JsonDocument.Parse(Examine(agent, "--output", "json", "--self-test").Output).RootElement.GetProperty("checks").EnumerateArray();
        Assert.All(checks, check => Assert.True(check.GetProperty("result").GetString() == "ok" || check.TryGetProperty("advice", out _), check.ToString()));
    }

    [Theory]
    [InlineData("Version: 4.0\n", "ok")]
    [InlineData("Version: 4.1.1\nGitID: v4.1.1-12-gabc\n", "ok")]
    [InlineData("Version: 10.2\n", "ok")]
    [InlineData("Version: 3.17.1\n", "fail")]
    [InlineData("Version: 3.19\n", "fail")]
    [InlineData("no version at all", "fail")]
    [InlineData("", "fail")]
    public void Criu_must_be_new_enough(string output, string result)
    {
        _machine.CriuVersion = new ProgramRun(0, output);
        Assert.Equal(result, ResultOf("criu"));
    }

    [Fact]
    public void A_criu_that_does_not_work_here_is_found_out()
    {
        _machine.CriuCheck = new ProgramRun(1, "Warn  (criu/kerndat.c): something\nError (criu/cr-check.c:1223): Timerfd c/r is not supported\n");
        Assert.Contains("Timerfd c/r is not supported", FindingOf("criu-check"), StringComparison.Ordinal);
    }

    [Fact]
    public void Criu_is_asked_about_the_configuration_that_is_meant()
    {
        _machine.Write("/etc/criu/other.conf", FakeMachine.Block(FakeMachine.Hook));
        Assert.Equal("ok", ResultOf("hook", "--criu-config", "/etc/criu/other.conf"));
        Assert.Equal(["check", "--config", "/etc/criu/other.conf"], _machine.CriuArguments);
    }

    [Theory]
    [InlineData(null, "not installed: there is no /etc/criu/default.conf")]
    [InlineData("tcp-established\n", "has no line of ours")]
    [InlineData("# BEGIN sysgenid\naction-script /x\n", "one of our two markers without the other")]
    [InlineData("# END sysgenid\n# BEGIN sysgenid\n", "one of our two markers without the other")]
    [InlineData("# BEGIN sysgenid file\n# END sysgenid\n", "names no program")]
    public void The_hooks_line_must_be_whole(string? configuration, string finding)
    {
        if (configuration is null) _machine.Remove("/etc/criu/default.conf");
        else _machine.Write("/etc/criu/default.conf", configuration);
        Assert.Equal("fail", ResultOf("hook"));
        Assert.Contains(finding, FindingOf("hook"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_named_program_that_is_gone_breaks_every_checkpoint()
    {
        _machine.Remove(FakeMachine.Hook);
        Assert.Equal("ok", ResultOf("hook"));
        Assert.Contains(FakeMachine.Hook, FindingOf("hook-program"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_named_program_that_cannot_be_run_breaks_every_checkpoint()
    {
        File.SetUnixFileMode(_machine.PathOf(FakeMachine.Hook), UnixFileMode.UserRead);
        Assert.Equal("fail", ResultOf("hook-program"));
    }

    [Fact]
    public void Somebody_elses_missing_program_is_found_as_well()
    {
        _machine.Write("/etc/criu/default.conf", "action-script /usr/lib/theirs\n" + FakeMachine.Block(FakeMachine.Hook));
        Assert.Contains("/usr/lib/theirs", FindingOf("hook-program"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("6.18.44-fc-v595", "ok")]
    [InlineData("5.10.0-30-amd64", "ok")]
    [InlineData("5.9", "ok")]
    [InlineData("5.4.0-150-generic", "fail")]
    [InlineData("6", "warn")]
    public void Linux_must_be_new_enough(string release, string result)
    {
        _machine.Write("/proc/sys/kernel/osrelease", release);
        Assert.Equal(result, ResultOf("linux"));
    }

    [Fact]
    public void An_older_kernel_without_peer_descriptors_still_works()
    {
        _machine.Features = new KernelFeatures(SharedFutex: true, PidFd: true, PeerPidFd: false);
        Assert.Equal("warn", ResultOf("pidfd"));
    }

    [Fact]
    public void Without_root_it_says_that_it_sees_less()
    {
        _machine.UserId = 1000;
        Assert.Equal("warn", ResultOf("root"));
        Assert.Equal("warn", ResultOf("criu-check"));
    }

    [Theory]
    [InlineData("/sys/fs/cgroup/unified/cgroup.controllers", "ok")]
    [InlineData("/sys/fs/cgroup/memory/tasks", "ok")]
    [InlineData("/sys/fs/other", "fail")]
    public void Every_layout_of_cgroups_is_known(string file, string result)
    {
        _machine.Remove("/sys/fs/cgroup");
        _machine.Write(file, "");
        Assert.Equal(result, ResultOf("cgroup"));
    }

    [Theory]
    [InlineData("/dev/vmclock0", "/dev/vmclock0")]
    [InlineData("/sys/bus/platform/drivers/vmgenid/9020000.vmgenid", "vmgenid")]
    [InlineData("/proc/device-tree/vmgenid/compatible", "vmgenid")]
    public void Every_source_of_machine_clones_is_known(string file, string finding)
    {
        _machine.Remove("/sys/bus");
        _machine.Write(file, "");
        Assert.EndsWith(finding, FindingOf("vm"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_virtual_machine_without_a_source_is_warned_of()
    {
        _machine.Remove("/sys/bus/acpi/drivers/vmgenid/VMGENCTR:00");
        Assert.Equal("warn", ResultOf("vm"));
        _machine.Write("/proc/cpuinfo", "flags\t\t: fpu sse2 avx\n");
        Assert.Equal("ok", ResultOf("vm"));
    }

    [Fact]
    public void S27_a_device_that_is_none_is_dangerous()
    {
        _machine.Write("/dev/sysgenid", "");
        Assert.Equal("fail", ResultOf("device"));
        _machine.Remove("/dev/sysgenid");
        using (CounterPageWriter.Open(_machine.PathOf("/dev/sysgenid"))) Assert.Equal("ok", ResultOf("device"));
    }

    [Fact]
    public void The_agents_own_complaints_are_findings()
    {
        using var agent = Agent(Answers.TroubledNodeStatus, page: 0);
        var run = Examine(agent);
        Assert.Equal(ExitCode.Failed, run.ExitCode);
        Assert.Contains("not proven: criu is not installed", run.Output, StringComparison.Ordinal);
        Assert.Contains("is not writable: no space left on device (ENOSPC)", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_behind_its_owner_is_found_out()
    {
        using var agent = Agent(Answers.NodeStatus, page: 41);
        Assert.Contains("shows generation 41, less than its owner says", Examine(agent).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void S27_the_self_test_is_the_agents()
    {
        using var agent = Agent(Answers.NodeStatus, page: 42, ("prove-gate", """{"ok":true}"""));
        var run = Examine(agent, "--self-test");
        Assert.Equal(ExitCode.Success, run.ExitCode);
        Assert.Contains("ok    self-test     a process was checkpointed and restored", run.Output, StringComparison.Ordinal);
        Assert.Equal("""{"op":"prove-gate"}""", agent.Requests[^1]);
    }

    [Fact]
    public void S27_a_self_test_that_fails_says_why()
    {
        using var agent = Agent(Answers.NodeStatus, page: 42, ("prove-gate", Answers.Error("gate-unproven", "the hook did not arrive")));
        var run = Examine(agent, "--self-test");
        Assert.Equal(ExitCode.Failed, run.ExitCode);
        Assert.Contains("FAIL  self-test     The hook did not arrive.", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_an_agent_there_is_nobody_to_test()
    {
        var run = CommandRun.Of(new CommandRun.Settings { Machine = _machine.Machine }, "doctor", "--self-test");
        Assert.Contains("there is no agent to ask", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void An_agent_that_stops_answering_does_not_hide_the_rest()
    {
        using var agent = FakeServer.AfterGreeting(_ => null);
        var run = Examine(agent);
        Assert.Equal(ExitCode.Failed, run.ExitCode);
        Assert.Contains("ok    criu ", run.Output, StringComparison.Ordinal);
        Assert.Contains("ended before the answer", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("doctor-pod", SidecarStatus)]
    [InlineData("doctor-pod-troubled", Answers.LonelyPodStatus)]
    public void In_a_pod_it_looks_at_what_matters_there(string golden, string status)
    {
        using var pod = FakeServer.Pod(("get", status));
        using var page = Page(pod, 42);
        Golden.Matches(golden, Examine(pod).Everything.Replace(pod.Directory.Path, "/run/sysgenid", StringComparison.Ordinal));
    }

    [Fact]
    public void The_real_kernel_can_be_asked()
    {
        var features = KernelProbe.Probe();
        Assert.True(features.SharedFutex);
        Assert.True(features.PidFd);
    }

    [Fact]
    public void A_program_that_is_not_there_is_no_fault() => Assert.Null(ProgramRunner.Run("/nonexistent/criu", "--version"));

    [Fact]
    public void A_programs_outputs_and_exit_code_are_kept() =>
        Assert.Equal(new ProgramRun(3, "out\nerror\n"), ProgramRunner.Run("/bin/sh", "-c", "echo out; echo error >&2; exit 3"));

    private static FakeServer Agent(string status, uint? page, params (string Operation, string Answer)[] more)
    {
        var agent = FakeServer.Agent([("status", status), .. more]);
        if (page is { } generation) Page(agent, generation).Dispose();
        return agent;
    }

    private static CounterPageWriter Page(FakeServer owner, uint generation)
    {
        var page = CounterPageWriter.Open(owner.Directory.File("generation"));
        page.Publish(new PageContent(generation, Guid.NewGuid(), 1, GenerationCause.Forced));
        return page;
    }

    private CommandRun Examine(FakeServer server, params string[] more) =>
        CommandRun.Of(new CommandRun.Settings { Machine = _machine.Machine }, ["doctor", "--socket", server.Path, .. more]);

    private string ResultOf(string check, params string[] more) => Find(check, more).GetProperty("result").GetString()!;

    private string FindingOf(string check) => Find(check, []).GetProperty("finding").GetString()!;

    private JsonElement Find(string check, string[] more)
    {
        using var agent = Agent(Answers.NodeStatus, page: 42);
        var checks = JsonDocument.Parse(Examine(agent, ["--output", "json", .. more]).Output).RootElement.GetProperty("checks");
        return checks.EnumerateArray().Single(found => found.GetProperty("name").GetString() == check);
    }
}
