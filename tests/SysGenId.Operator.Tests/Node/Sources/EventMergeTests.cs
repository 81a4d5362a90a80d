using Microsoft.Extensions.Time.Testing;
using SysGenId.Operator.Node.Sources;

namespace SysGenId.Operator.Tests.Node.Sources;

public sealed class EventMergeTests
{
    private static readonly TimeSpan _instant = TimeSpan.FromTicks(1);

    private readonly FakeTimeProvider _clock = new();
    private readonly EventMerge _merge;

    public EventMergeTests() => _merge = new EventMerge(_clock);

    [Fact]
    public void The_first_report_is_about_something_new() => Assert.Null(Join("x"));

    [Fact]
    public void Another_source_within_the_window_is_about_the_same()
    {
        var bump = Open("x");
        _clock.Advance(EventMerge.Window);
        Assert.Equal(bump, Join("y"));
        Assert.Equal(bump, Join("z"));
    }

    [Fact]
    public void A_source_that_reports_twice_noticed_two()
    {
        Open("x");
        Assert.Null(Join("x"));
    }

    [Fact]
    public void A_source_that_has_joined_has_spoken()
    {
        Open("x");
        Join("y");
        Assert.Null(Join("y"));
    }

    [Theory]
    [InlineData("x x y y")]
    [InlineData("x y x y")]
    [InlineData("x y y x")]
    public void Two_events_that_two_sources_notice_are_two_in_whatever_order_they_are_reported(string reports)
    {
        var bumps = reports.Split(' ').Select(source => Join(source) ?? Open(source)).ToList();
        Assert.Equal([2, 2], bumps.GroupBy(bump => bump).Select(bump => bump.Count()));
    }

    [Fact]
    public void A_report_joins_the_oldest_bump_that_its_source_has_said_nothing_of()
    {
        var (first, second) = (Open("x"), Open("x"));
        Assert.Equal([first, second, null], new[] { Join("y"), Join("y"), Join("y") });
    }

    [Fact]
    public void A_report_after_the_window_is_about_something_new()
    {
        Open("x");
        _clock.Advance(EventMerge.Window + _instant);
        Assert.Null(Join("y"));
    }

    [Fact]
    public void One_that_notices_late_has_so_much_longer()
    {
        var bump = Open("x");
        _clock.Advance(EventMerge.Window + TimeSpan.FromSeconds(1));
        Assert.Null(Join("y"));
        Assert.Equal(bump, Join("z", TimeSpan.FromSeconds(1)));
        _clock.Advance(_instant);
        Assert.Null(Join("w", TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void A_source_gone_mad_is_remembered_within_bounds()
    {
        for (var count = 0; count < 1000; count++) Open("x");
        var joined = 0;
        while (Join("y") is not null) joined++;
        Assert.Equal(32, joined);
    }

    private Guid? Join(string source, TimeSpan lateness = default) => _merge.Join(source, lateness);

    private Guid Open(string source)
    {
        var change = Guid.NewGuid();
        _merge.Opened(change, source);
        return change;
    }
}
