using System.Text.Json;
using SysGenId.Core.Linux;
using SysGenId.TestSupport;
using SysGenId.TestSupport.Containers;
using SysGenId.TestSupport.Nodes;

namespace SysGenId.CriuHook.Tests;

/// <summary>The hook under CRIU itself, with the probe child as what is checkpointed and an agent that says what is wanted.</summary>
public sealed class RealCriuTests : IAsyncLifetime
{
    private const string Recorded = """{"ok":true,"record":{"version":1,"generation":4294967294,"container":"app","watchers":1}}""";
    private const string Fine = """{"ok":true}""";
    private const string Late = """{"ok":false,"error":"publish-timeout","message":"pages late","policy":"Fail"}""";

    private CheckpointNamespace _namespace = null!;
    private string _images = null!;

    private string Socket => Path.Combine(_namespace.Memory, "node.sock");

    public async ValueTask InitializeAsync()
    {
        Requires.CriuHook();
        _namespace = await CheckpointNamespace.CreateAsync();
        _images = Directory.CreateDirectory(Path.Combine(_namespace.Disk, "images")).FullName;
        var wrapper = Path.Combine(_namespace.Disk, "hook.sh");
        await File.WriteAllTextAsync(wrapper, $"#!/bin/sh\nexec '{ToolPaths.CriuHook}' --agent '{Socket}' \"$@\"\n");
        File.SetUnixFileMode(wrapper, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        _namespace.WriteCriuConfig("default.conf", $"action-script {wrapper}\n");
    }

    [Fact]
    public async Task The_probe_child_survives_a_checkpoint_and_the_hook_calls_at_each_stage_with_the_record()
    {
        await using var agent = FakeAgent.Answering(Socket, request => Op(request) == "checkpointing" ? Recorded : Fine);
        var probe = await StartProbeAsync();
        var wait = ProbeWait(probe.Id);

        (await DumpAsync(probe.Id)).OrThrow();
        await probe.ExitAsync();
        (await RestoreAsync()).OrThrow();

        try
        {
            Assert.Equal(["checkpointing ", "checkpointed ", "restored post-restore", "restored pre-resume"], agent.Requests.Select(Describe));
            Assert.All(agent.Requests, request => Assert.Equal(probe.Id, request.GetProperty("initPid").GetInt32()));
            Assert.All(agent.Requests.Skip(2), request => Assert.Equal(4294967294u, request.GetProperty("record").GetProperty("generation").GetUInt32()));
            Assert.Matches("^/proc/[0-9]+/fd/[0-9]+$", agent.Requests[0].GetProperty("imageDir").GetString());
            Assert.Equal(wait, ProbeWait(probe.Id));
        }
        finally
        {
            KillProbe(probe.Id);
        }
    }

    [Fact]
    public async Task S25_a_restore_that_is_refused_leaves_no_process_and_a_reason_in_CRIUs_log()
    {
        await using var agent = FakeAgent.Answering(Socket, request => Op(request) switch { "checkpointing" => Recorded, "restored" => Late, _ => Fine });
        var probe = await StartProbeAsync();
        (await DumpAsync(probe.Id)).OrThrow();
        await probe.ExitAsync();

        var restore = await RestoreAsync();

        Assert.NotEqual(0, restore.ExitCode);
        await Eventually.HoldsAsync(() => IsGone(probe.Id));
        Assert.Contains("sysgenid: restore refused: the node agent says publish-timeout: pages late", await ReadLogAsync("restore.log"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task S25_a_restore_that_is_not_ours_goes_on_without_an_agent()
    {
        var probe = await StartProbeAsync();
        (await DumpAsync(probe.Id)).OrThrow();
        await probe.ExitAsync();
        Assert.False(File.Exists(Path.Combine(_images, "sysgenid.json")));
        (await RestoreAsync()).OrThrow();
        KillProbe(probe.Id);
    }

    [Fact]
    public async Task S25_a_dump_that_is_aborted_leaves_the_process_running()
    {
        // A directory where the record belongs: ours by the agent's word, and not to be recorded.
        Directory.CreateDirectory(Path.Combine(_images, "sysgenid.json"));
        await using var agent = FakeAgent.Answering(Socket, request => Op(request) == "checkpointing" ? Recorded : Fine);
        var probe = await StartProbeAsync();

        var dump = await DumpAsync(probe.Id);

        Assert.NotEqual(0, dump.ExitCode);
        Assert.False(probe.HasExited);
        Assert.Contains("sysgenid: dump aborted, the container runs on", await ReadLogAsync("dump.log"), StringComparison.Ordinal);
    }

    public ValueTask DisposeAsync() => _namespace is null ? ValueTask.CompletedTask : _namespace.DisposeAsync();

    private static string Op(JsonElement request) => request.GetProperty("op").GetString()!;

    private static string Describe(JsonElement request) => $"{Op(request)} {(request.TryGetProperty("stage", out var stage) ? stage.GetString() : "")}";

    // It holds three times /dev/null, in a session of its own.
    private static string ProbeWait(int pid) =>
        string.Join(' ', Directory.GetFiles($"/proc/{pid}/fd").Select(file => ProcessTable.Link(file)))
        + File.ReadAllText($"/proc/{pid}/stat").Split(") ")[1].Split(' ')[3];

    // Perhaps dead and not yet buried by the machine's first process.
    private static bool IsGone(int pid) =>
        Files.TryReadAll($"/proc/{pid}/stat", 4096, out _) is not { } stat || stat.AsSpan().IndexOf(") Z "u8) >= 0;

    private static void KillProbe(int pid)
    {
        Assert.Contains("probe-child", File.ReadAllText($"/proc/{pid}/cmdline"), StringComparison.Ordinal);
        Assert.Equal(0, Libc.kill(pid, (int)Signal.Kill));
    }

    private async Task<ChildProcess> StartProbeAsync()
    {
        var probe = _namespace.Start(ToolPaths.CriuHook, "--probe-child");
        await Eventually.HoldsAsync(() => IsDetached(probe.Id));
        return probe;
    }

    private static bool IsDetached(int pid) =>
        File.ReadAllText($"/proc/{pid}/cmdline").Contains("probe-child", StringComparison.Ordinal)
        && Directory.GetFiles($"/proc/{pid}/fd").Count(file => ProcessTable.Link(file) == "/dev/null") == 3;

    private Task<CommandResult> DumpAsync(int pid) => _namespace.RunAsync("criu", "dump", "-t", $"{pid}", "-D", _images, "-o", "dump.log");

    private Task<CommandResult> RestoreAsync() => _namespace.RunAsync("criu", "restore", "-d", "-D", _images, "-o", "restore.log");

    private Task<string> ReadLogAsync(string name) => File.ReadAllTextAsync(Path.Combine(_images, name), TestContext.Current.CancellationToken);
}
