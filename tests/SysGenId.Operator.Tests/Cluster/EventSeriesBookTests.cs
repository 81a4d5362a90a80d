using SysGenId.Operator.Cluster;

namespace SysGenId.Operator.Tests.Cluster;

public sealed class EventSeriesBookTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    private readonly EventSeriesBook _book = new(new Random(1));

    [Fact]
    public void The_same_event_again_is_counted_on_its_object()
    {
        var first = _book.Add(Restored("cart-0"), Start);
        var again = _book.Add(Restored("cart-0"), Start.AddMinutes(9));

        Assert.Same(first, again);
        Assert.Equal((2, Start, Start.AddMinutes(9)), (again.Count, again.First, again.Last));
    }

    [Fact]
    public void After_a_long_silence_it_is_a_new_story() =>
        Assert.NotSame(_book.Add(Restored("cart-0"), Start), _book.Add(Restored("cart-0"), Start.Add(EventSeriesBook.Window).AddSeconds(1)));

    [Fact]
    public void Another_subject_reason_or_severity_is_another_object()
    {
        var happened = Restored("cart-0");

        Assert.Equal(4, new[]
        {
            _book.Add(happened, Start),
            _book.Add(happened with { Subject = EventSubject.Node("node-2") }, Start),
            _book.Add(happened with { Reason = "Forced" }, Start),
            _book.Add(happened with { Severity = EventSeverity.Warning }, Start),
        }.Distinct().Count());
    }

    [Fact]
    public void A_storm_of_messages_makes_a_bounded_number_of_objects()
    {
        var series = Enumerable.Range(0, 1000).Select(i => _book.Add(Restored($"cart-{i}"), Start)).Distinct().ToList();

        Assert.Equal(EventSeriesBook.MessagesOfOneReason + 1, series.Count);
        Assert.Equal(1000 - EventSeriesBook.MessagesOfOneReason, series[^1].Count);
        Assert.Equal("(combined from similar events): cart-999 was restored.", series[^1].Latest.Message);
    }

    [Fact]
    public void After_a_storm_messages_get_objects_of_their_own_again()
    {
        for (var i = 0; i < 100; i++) _book.Add(Restored($"cart-{i}"), Start);

        Assert.Equal("cart-7 was restored.", _book.Add(Restored("cart-7"), Start.AddHours(1)).Latest.Message);
    }

    [Fact]
    public void Memory_is_bounded_however_many_subjects_there_are()
    {
        var first = _book.Add(Restored("cart"), Start);
        for (var i = 0; i < 2 * EventSeriesBook.MostSeries; i++) _book.Add(Restored("cart") with { Subject = EventSubject.Node($"node-{i}") }, Start.AddSeconds(1));

        Assert.NotSame(first, _book.Add(Restored("cart"), Start.AddSeconds(2)));
    }

    private static ClusterEvent Restored(string pod) => new(EventSubject.Node("node-1"), EventSeverity.Normal, "ContainerRestored", $"{pod} was restored.");
}
