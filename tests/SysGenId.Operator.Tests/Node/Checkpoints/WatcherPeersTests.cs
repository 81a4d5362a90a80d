using System.Text.Json;
using SysGenId.Core.Linux;
using SysGenId.Operator.Tests.Agents;
using SysGenId.TestSupport;
using SysGenId.TestSupport.Containers;

namespace SysGenId.Operator.Tests.Node.Checkpoints;

/// <summary>S23: the record of a checkpoint counts the watchers of its container, as the kernel tells whose they are.</summary>
public sealed class WatcherPeersTests : IAsyncLifetime
{
    private const int Generation = 7;

    private readonly CgroupTree _cgroups = new();
    private AgentUnderTest _agent = null!;
    private FakeSidecar _sidecar = null!;
    private FakeContainer _dumped = null!;
    private FakeContainer _other = null!;

    public async ValueTask InitializeAsync()
    {
        Requires.Root();
        Requires.Compiler();
        _agent = await AgentUnderTest.StartAsync();
        _sidecar = await FakeSidecar.RegisterAsync(_agent, "pod");
        await _sidecar.PublishNextAsync();
        var pod = new PodUnderTest(_cgroups);
        _dumped = await FakeContainer.StartAsync(_sidecar.Directory, cgroups: pod.EntrancesOf("dumped"));
        _other = await FakeContainer.StartAsync(_sidecar.Directory, cgroups: pod.EntrancesOf("other"));
    }

    public async ValueTask DisposeAsync()
    {
        if (_dumped is not null) await _dumped.DisposeAsync();
        if (_other is not null) await _other.DisposeAsync();
        _sidecar?.Dispose();
        if (_agent is not null) await _agent.DisposeAsync();
        await _cgroups.DisposeAsync();
    }

    [Fact]
    public async Task Watchers_of_other_containers_are_not_in_the_record()
    {
        using var ours = Process(_dumped.InitPid);
        using var theirs = Process(_other.InitPid);
        Assert.Equal(2, await RecordedAsync(5, quiesce => _sidecar.Show(quiesce, ours, theirs, theirs, ours, theirs)));
    }

    [Fact]
    public async Task Processes_in_the_containers_cgroup_are_its_own_whatever_they_have_mounted()
    {
        await using var deeper = await FakeContainer.StartAsync(cgroups: CgroupsOf(_dumped.InitPid));
        using var process = Process(deeper.InitPid);
        Assert.Equal(1, await RecordedAsync(1, quiesce => _sidecar.Show(quiesce, process)));
    }

    [Fact]
    public async Task Of_two_containers_that_are_dumped_at_once_each_has_its_own()
    {
        using var one = Process(_dumped.InitPid);
        using var other = Process(_other.InitPid);
        await using var criu = await FakeCriu.StartAsync(_agent);
        var first = criu.PreDumpAsync(_dumped.InitPid);
        var quiesce = await _sidecar.NextAsync("quiesce");
        _sidecar.Show(quiesce, one, other, other);
        Assert.Equal(2, await RecordedAsync(3, second => _sidecar.Show(second, one, other, other), _other));
        await QuiescedAsync(quiesce, 3);
        Assert.Equal(1, Watchers(await first));
    }

    [Fact]
    public async Task Whoever_was_not_shown_is_taken_to_be_the_containers() =>
        Assert.Equal(4, await RecordedAsync(4, _ => { }));

    [Fact]
    public async Task What_is_no_process_or_none_any_more_is_taken_to_be_the_containers()
    {
        await using var child = ChildProcess.Start("sleep", "60");
        using var ended = Process(child.Id);
        await child.KillAsync();
        using var file = Files.Open("/dev/null", Files.ReadOnly);
        using var signal = new EventSignal();
        Assert.Equal(3, await RecordedAsync(3, quiesce => _sidecar.Show(quiesce, ended, file, signal.Descriptor)));
    }

    [Fact]
    public async Task A_line_without_its_descriptors_takes_nothing_from_the_count() =>
        Assert.Equal(3, await RecordedAsync(3, quiesce => Say(quiesce, claimed: 3, [])));

    [Fact]
    public async Task Who_shows_more_processes_than_it_has_watchers_has_none()
    {
        using var theirs = Process(_other.InitPid);
        Assert.Equal(0, await RecordedAsync(1, quiesce => _sidecar.Show(quiesce, theirs, theirs)));
    }

    [Fact]
    public async Task Only_so_many_processes_are_looked_at()
    {
        using var theirs = Process(_other.InitPid);
        var many = Enumerable.Repeat(theirs, DescriptorMessage.MaximumDescriptors).ToArray();
        var recorded = await RecordedAsync(20 * many.Length, quiesce =>
        {
            for (var message = 0; message < 20; message++) _sidecar.Show(quiesce, many);
        });
        Assert.Equal(20 * many.Length - 4096 / many.Length * many.Length, recorded);
    }

    [Fact]
    public async Task Descriptors_that_are_not_told_of_or_not_asked_for_are_closed()
    {
        using var passed = new PassedDescriptor();
        _sidecar.Send(new { op = "stats", watchers = 1 }, passed.Numbers(100));
        await passed.IsClosedAsync();

        using var more = new PassedDescriptor();
        Assert.Equal(1, await RecordedAsync(1, quiesce =>
        {
            _sidecar.Send(new { op = "stats", watchers = 1 }, more.Numbers(100));
            Say(quiesce, claimed: 0, more.Numbers(100));
            Say(quiesce, claimed: -1, more.Numbers(100));
            Say(quiesce, claimed: 5, more.Numbers(100));
            _sidecar.Send(new { op = "watcher-peers", checkpoint = "no such checkpoint", watchers = 100 }, more.Numbers(100));
            _sidecar.Send(new { op = "no such operation" }, more.Numbers(100));
            _sidecar.Send("no object", more.Numbers(100));
        }));
        await more.IsClosedAsync();
    }

    [Fact]
    public async Task What_a_sidecar_shows_for_the_checkpoint_of_another_page_counts_for_nothing()
    {
        using var stranger = await FakeSidecar.RegisterAsync(_agent, "stranger");
        await stranger.PublishNextAsync();
        using var theirs = Process(_other.InitPid);
        using var passed = new PassedDescriptor();
        Assert.Equal(2, await RecordedAsync(2, quiesce =>
        {
            stranger.Show(quiesce, theirs, theirs);
            stranger.Send(new { op = "stats", watchers = 1 }, passed.Numbers(100));
        }));
        await passed.IsClosedAsync();
    }

    [Fact]
    public async Task Who_has_not_registered_shows_nothing()
    {
        using var nobody = _agent.Connect();
        using var passed = new PassedDescriptor();
        nobody.Send(new { op = "watcher-peers", checkpoint = "1@2", watchers = 1 }, passed.Numbers(1));
        Assert.Equal("not-registered", (await nobody.ReceiveAsync()).GetProperty("error").GetString());
        await passed.IsClosedAsync();
    }

    // How many watchers the record of a dump has whose sidecar says that there were so many.
    private async Task<int> RecordedAsync(int watchers, Action<JsonElement> show, FakeContainer? container = null)
    {
        await using var criu = await FakeCriu.StartAsync(_agent);
        var answer = criu.PreDumpAsync((container ?? _dumped).InitPid);
        var quiesce = await _sidecar.NextAsync("quiesce");
        show(quiesce);
        await QuiescedAsync(quiesce, watchers);
        return Watchers(await answer);
    }

    private Task QuiescedAsync(JsonElement quiesce, int watchers) => _sidecar.SendAsync(new
    {
        op = "quiesced",
        checkpoint = quiesce.GetProperty("checkpoint").GetString(),
        watchers,
        generation = Generation,
        id = Guid.NewGuid(),
    });

    private void Say(JsonElement quiesce, int claimed, int[] descriptors)
    {
        var message = new { op = "watcher-peers", checkpoint = quiesce.GetProperty("checkpoint").GetString(), watchers = claimed };
        if (descriptors.Length > 0) _sidecar.Send(message, descriptors);
        else _sidecar.SendAsync(message).GetAwaiter().GetResult();
    }

    private static int Watchers(JsonElement answer) => answer.GetProperty("record").GetProperty("watchers").GetInt32();

    private static Descriptor Process(int pid) => PidFd.TryOpen(pid, out _)!;

    private IReadOnlyList<string> CgroupsOf(int pid) =>
        _cgroups.Create(ProcessTable.Cgroups(pid)!.Split('\n').Select(line => line.Split(':', 3)[^1]).First(path => path.EndsWith("/dumped", StringComparison.Ordinal)));
}
