using SysGenId.Core.Protocol;
using SysGenId.Sidecar.Tests.Fixture;
using SysGenId.TestSupport;

namespace SysGenId.Sidecar.Tests.Watching;

public sealed class WatchProtocolTests
{
    [Fact]
    public async Task S05_a_new_watcher_is_told_the_generation_and_is_up_to_date()
    {
        using var sidecar = SidecarUnderTest.At(7);
        using var watcher = sidecar.Watch();
        Assert.Equal(7u, watcher.Read());
        await sidecar.CountsAsync(watchers: 1, outdated: 0);
    }

    [Fact]
    public async Task S04_when_a_bump_is_confirmed_page_and_words_are_there()
    {
        using var sidecar = SidecarUnderTest.At(7);
        using var watcher = sidecar.Watch();
        watcher.Read();
        await sidecar.CountsAsync(1, 0);

        var published = sidecar.Link.Deliver(8);

        Assert.True(watcher.IsReadable);
        Assert.Equal(8u, sidecar.Page().Generation);
        Assert.Equal((8u, 1, 1), (published.Generation!.Value, published.Watchers!.Value, published.Outdated!.Value));
        Assert.Equal(8u, watcher.Read());
    }

    [Fact]
    public async Task S09_an_ack_of_the_current_generation_is_taken_in_silence()
    {
        using var sidecar = SidecarUnderTest.At(7);
        using var watcher = sidecar.Watch();
        watcher.Read();
        sidecar.Link.Deliver(8);
        watcher.Read();
        watcher.Write(8);
        await sidecar.CountsAsync(1, 0);
        watcher.Write(8);
        using var control = sidecar.Control();
        control.Request(Operation.Watchers);
        Assert.False(watcher.IsReadable);
    }

    [Fact]
    public async Task S09_an_ack_of_another_generation_changes_nothing_and_is_answered_with_the_current_one()
    {
        using var sidecar = SidecarUnderTest.At(7);
        using var watcher = sidecar.Watch();
        watcher.Read();
        watcher.Write(7);
        sidecar.Link.Deliver(8);
        watcher.Read();
        foreach (var wrong in new uint[] { 7, 9, 0, uint.MaxValue })
        {
            watcher.Write(wrong);
            Assert.Equal(8u, watcher.Read());
        }

        await sidecar.CountsAsync(1, 1);
        watcher.Write(8);
        await sidecar.CountsAsync(1, 0);
    }

    [Fact]
    public async Task S23_the_first_word_restores_what_a_returning_watcher_had_handled()
    {
        using var sidecar = SidecarUnderTest.At(7);
        using var watcher = sidecar.Watch();
        watcher.Write(6);
        Assert.Equal(7u, watcher.Read());
        Assert.Equal(7u, watcher.Read());
        await sidecar.CountsAsync(1, 1);
        watcher.Write(7);
        await sidecar.CountsAsync(1, 0);
    }

    [Fact]
    public async Task S11_closing_an_outdated_watcher_lowers_both_counts()
    {
        using var sidecar = SidecarUnderTest.At(7);
        using var stays = sidecar.Watch();
        var leaves = sidecar.Watch();
        await sidecar.CountsAsync(2, 0);
        sidecar.Link.Deliver(8);
        Assert.Equal((2, 2), (sidecar.Page().Watchers, sidecar.Page().Outdated));
        leaves.Dispose();
        await sidecar.CountsAsync(1, 1);
    }

    [Fact]
    public void S01_generations_above_two_to_the_31_are_like_any_other()
    {
        using var sidecar = SidecarUnderTest.At(0x8000_0000);
        using var watcher = sidecar.Watch();
        Assert.Equal(0x8000_0000u, watcher.Read());
        sidecar.Link.Deliver(uint.MaxValue - 1);
        Assert.Equal(uint.MaxValue - 1, watcher.Read());
    }

    [Fact]
    public async Task Many_words_at_once_are_all_taken_and_the_last_one_counts()
    {
        using var sidecar = SidecarUnderTest.At(7);
        using var watcher = sidecar.Watch();
        watcher.Read();
        sidecar.Link.Deliver(8);
        watcher.Read();
        watcher.Write([.. Enumerable.Repeat(5u, 99), 8u]);
        await sidecar.CountsAsync(1, 0);
        Assert.Equal(8u, watcher.Read());
    }

    [Fact]
    public async Task A_word_may_come_byte_by_byte()
    {
        using var sidecar = SidecarUnderTest.At(7);
        using var watcher = sidecar.Watch();
        watcher.Read();
        sidecar.Link.Deliver(8);
        foreach (var value in BitConverter.GetBytes(8u)) watcher.Send([value]);
        await sidecar.CountsAsync(1, 0);
    }

    [Fact]
    public async Task An_incomplete_word_ends_its_connection_and_no_other()
    {
        using var sidecar = SidecarUnderTest.At(7);
        using var slow = sidecar.Watch();
        using var other = sidecar.Watch();
        slow.Read();
        other.Read();
        slow.Send([7, 0]);
        other.Write(7);
        await sidecar.CountsAsync(2, 0);

        // Until the two bytes are taken there is nothing that could be late: move time until it is noticed.
        await Eventually.HoldsAsync(() =>
        {
            sidecar.Advance(TimeSpan.FromSeconds(5));
            return slow.IsEnded;
        });
        await sidecar.CountsAsync(1, 0);
        sidecar.Link.Deliver(8);
        Assert.Equal(8u, other.Read());
    }

    [Fact]
    public async Task A_slow_reader_gets_the_newest_generation_and_no_queue_of_old_ones()
    {
        using var sidecar = SidecarUnderTest.At(1);
        using var slow = sidecar.Watch();
        await sidecar.CountsAsync(1, 0);
        for (var generation = 2u; generation <= 300; generation++) sidecar.Link.Deliver(generation);
        var words = new List<uint>();
        do words.Add(slow.Read());
        while (words[^1] != 300);
        Assert.InRange(words.Count, 2, 4);
        Assert.Equal(words.Order(), words);
    }

    [Fact]
    public async Task Too_many_watchers_are_closed_at_once_and_there_is_room_again_when_one_leaves()
    {
        using var sidecar = SidecarUnderTest.At(7, options => options with { MaximumWatchers = 2 });
        using var first = sidecar.Watch();
        var second = sidecar.Watch();
        first.Read();
        second.Read();
        using (var third = sidecar.Watch()) Assert.Throws<EndOfStreamException>(() => third.Read());
        second.Dispose();
        await sidecar.CountsAsync(1, 0);
        using var fourth = sidecar.Watch();
        Assert.Equal(7u, fourth.Read());
    }

    [Fact]
    public async Task Hundreds_of_watchers_all_see_every_last_generation_and_are_counted_exactly()
    {
        using var sidecar = SidecarUnderTest.At(1);
        var watchers = Enumerable.Range(0, 400).Select(_ => sidecar.Watch()).ToList();
        foreach (var watcher in watchers) Assert.Equal(1u, watcher.Read());
        for (var generation = 2u; generation <= 10; generation++)
        {
            Assert.Equal(400, sidecar.Link.Deliver(generation).Outdated);
            foreach (var watcher in watchers) watcher.ReadUntil(generation);
            foreach (var watcher in watchers) watcher.Write(generation);
            await sidecar.CountsAsync(400, 0);
        }

        foreach (var watcher in watchers.Where((_, index) => index % 3 == 0)) watcher.Dispose();
        await sidecar.CountsAsync(266, 0);
        Assert.Equal(266, sidecar.Link.Deliver(11).Outdated);
        foreach (var watcher in watchers.Where((_, index) => index % 3 != 0)) watcher.ReadUntil(11);
        foreach (var watcher in watchers) watcher.Dispose();
        await sidecar.CountsAsync(0, 0);
    }

    [Fact]
    public async Task A_watcher_that_never_reads_holds_up_nobody()
    {
        using var sidecar = SidecarUnderTest.At(1);
        using var deaf = sidecar.Watch();
        using var awake = sidecar.Watch();
        for (var generation = 2u; generation <= 500; generation++) sidecar.Link.Deliver(generation);
        awake.ReadUntil(500);
        awake.Write(500);
        await sidecar.CountsAsync(2, 1);
    }

    [Fact]
    public async Task Random_bytes_never_disturb_the_others()
    {
        using var sidecar = SidecarUnderTest.At(7);
        using var other = sidecar.Watch();
        other.Read();
        var random = new Random(1);
        for (var round = 0; round < 300; round++)
        {
            using var garbage = sidecar.Watch();
            var bytes = new byte[random.Next(1, 200)];
            random.NextBytes(bytes);
            garbage.TrySend(bytes);
        }

        await sidecar.CountsAsync(1, 0);
        sidecar.Link.Deliver(8);
        Assert.Equal(8u, other.Read());
    }
}
