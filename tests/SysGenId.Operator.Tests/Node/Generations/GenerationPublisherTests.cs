using Microsoft.Extensions.Logging.Abstractions;
using SysGenId.Core.CounterPage;
using SysGenId.Core.Generations;
using SysGenId.Core.Linux;
using SysGenId.Core.Transport;
using SysGenId.Operator.Node;
using SysGenId.Operator.Node.Generations;
using SysGenId.Operator.Node.Ports;
using SysGenId.Operator.Node.Sources;
using SysGenId.Operator.Node.State;
using SysGenId.TestSupport;

namespace SysGenId.Operator.Tests.Node.Generations;

public sealed class GenerationPublisherTests : IDisposable
{
    private const uint Jump = 1 << 20;

    private readonly TemporaryDirectory _directory = new();
    private readonly EventLoop _loop = new(TimeProvider.System);
    private readonly CounterPageWriter _page;
    private readonly StateFile _file;
    private readonly StateWriter _writer;
    private readonly NodeGeneration _node = Changes.Node(9, ceiling: 10);
    private readonly GenerationPublisher _publisher;

    public GenerationPublisherTests()
    {
        _page = CounterPageWriter.Open(_directory.File("generation"));
        _file = new StateFile(_directory.File("state"));

        // Never started: only what is stored at once is stored.
        _writer = new StateWriter(_file, (_, _) => { });
        _publisher = new GenerationPublisher(_loop, _node, _page, _writer, TimeProvider.System, "boot", new SourceMarks(null), Jump, new NodeJournal(SilentNodeMetrics.Instance), NullLogger.Instance);
    }

    public void Dispose()
    {
        _writer.Dispose();
        _page.Dispose();
        _loop.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public void S04_The_page_shows_the_change_before_anybody_is_told_of_it()
    {
        PageContent? seen = null;
        _publisher.Bumped += () => seen = _page.Content;
        var change = _publisher.TryBump(_publisher.Draft(GenerationCause.Forced), out var failure)!;
        Assert.Null(failure);
        Assert.Equal((10u, change.Id, change.TimeNs, GenerationCause.Forced), (seen!.Value.Generation, seen.Value.Id, seen.Value.TimeNs, seen.Value.Cause));
    }

    [Fact]
    public void S04_A_change_is_sent_on_when_the_page_shows_it_and_before_those_who_wait_on_the_page_are_woken()
    {
        using var written = new ChangeNotification();
        Assert.True(written.TryWatch(_directory.File("generation"), ChangeNotification.Modified));
        (uint, bool)? whenSent = null;
        _publisher.TryBump(_publisher.Draft(GenerationCause.Forced), out _, change => whenSent = (_page.Content.Generation, IsReadable(written)));
        Assert.Equal((10u, false), whenSent);
        Assert.True(IsReadable(written));
    }

    [Fact]
    public void S24_Every_draft_has_a_name_of_its_own() =>
        Assert.Equal(100, Enumerable.Range(0, 100).Select(_ => _publisher.Draft(GenerationCause.Forced).Id).Distinct().Count());

    [Fact]
    public void Below_the_ceiling_no_bump_waits_for_the_disk()
    {
        _publisher.TryBump(_publisher.Draft(GenerationCause.Forced), out _);
        Assert.False(File.Exists(_file.FilePath));
    }

    [Fact]
    public void S02_A_bump_above_the_ceiling_stores_a_higher_one_first()
    {
        _publisher.TryBump(_publisher.Draft(GenerationCause.Forced), out _);
        _publisher.Bumped += () => Assert.True(_file.Load(out _)!.Ceiling >= _node.Current.Generation);
        Assert.Equal(11u, _publisher.TryBump(_publisher.Draft(GenerationCause.Forced), out _)!.Generation);
        Assert.Equal((131_072u, 131_072u, false), (_node.Ceiling, _file.Load(out _)!.Ceiling, _file.Load(out _)!.IsClean));
    }

    [Fact]
    public void S02_A_ceiling_that_cannot_be_stored_refuses_the_bump_and_nothing_moves()
    {
        Directory.CreateDirectory(_file.FilePath + ".new");
        var isTold = false;
        _publisher.TryBump(_publisher.Draft(GenerationCause.Forced), out _);
        _publisher.Bumped += () => isTold = true;
        Assert.Null(_publisher.TryBump(_publisher.Draft(GenerationCause.Forced), out var failure));
        Assert.Equal("state-unwritable", failure!.Error);
        Assert.Equal((10u, 10u, 10u, false, 1), (_node.Current.Generation, _page.Content.Generation, _node.Ceiling, isTold, _node.History.Count));
        Assert.NotNull(_publisher.StateFault);

        Directory.Delete(_file.FilePath + ".new");
        Assert.NotNull(_publisher.TryBump(_publisher.Draft(GenerationCause.Forced), out _));
        Assert.Null(_publisher.StateFault);
    }

    [Fact]
    public void S28_Only_a_force_goes_further_than_the_maximum_jump()
    {
        var draft = _publisher.Draft(GenerationCause.ContainerRestored) with { Minimum = 3_000_000_000 };
        Assert.Equal(10u, _publisher.TryBump(draft, out _)!.Generation);
        Assert.Equal(3_000_000_000u, _publisher.TryForce(draft, out _, _ => { })!.Generation);
        Assert.True(_file.Load(out _)!.Ceiling >= 3_000_000_000);
    }

    [Fact]
    public void S02_The_ceiling_ends_with_the_numbers()
    {
        Assert.Equal(uint.MaxValue, _publisher.TryForce(_publisher.Draft(GenerationCause.Forced) with { Minimum = uint.MaxValue }, out _, _ => { })!.Generation);
        Assert.Equal(uint.MaxValue, _file.Load(out _)!.Ceiling);
        Assert.Null(_publisher.TryForce(_publisher.Draft(GenerationCause.Forced), out var failure, _ => { }));
        Assert.Equal("generation-exhausted", failure!.Error);
    }

    [Fact]
    public void What_is_stored_last_says_exactly_where_the_node_stands()
    {
        _publisher.StoreFirst();
        Assert.Equal((9u, false, "boot"), (_file.Load(out _)!.Current.Generation, _file.Load(out _)!.IsClean, _file.Load(out _)!.BootId));
        var change = _publisher.TryBump(_publisher.Draft(GenerationCause.Forced), out _);
        _publisher.StoreLast();
        Assert.Equal((change, true), (_file.Load(out _)!.Current, _file.Load(out _)!.IsClean));
    }

    [Fact]
    public void Flags_stay_as_they_are_when_a_change_is_shown()
    {
        _publisher.ShowCounts(PageFlags.AgentConnected | PageFlags.GateProven, 3, 2);
        _publisher.TryBump(_publisher.Draft(GenerationCause.Forced), out _);
        Assert.Equal(PageFlags.AgentConnected | PageFlags.GateProven, _page.Content.Flags);
    }

    private static bool IsReadable(ChangeNotification notification) => Readiness.Wait(notification.Descriptor, Readiness.Readable, TimeSpan.Zero);
}
