using SysGenId.Conformance.Tests.Interfaces;

namespace SysGenId.Conformance.Tests.Scenarios;

/// <summary>S09 and S10: acknowledgements, and what poll says of them.</summary>
public sealed class AckTests : ConformanceTest
{
    [Theory, Over(Capability.Watchers)]
    public async Task S09_the_current_generation_is_accepted_and_the_watcher_is_up_to_date(string over)
    {
        var world = await WorldAsync(over, 20);
        var watcher = await OpenAsync(world);
        await world.BumpAsync();
        await CountsAreAsync(world, watchers: 1, outdated: 1);

        Assert.Equal(Outcome.Success, await watcher.AcknowledgeAsync(21));

        await CountsAreAsync(world, watchers: 1, outdated: 0);
    }

    [Theory, Over(Capability.Watchers)]
    public async Task S09_any_other_value_is_EINVAL_and_an_outdated_watcher_stays_outdated(string over)
    {
        var world = await WorldAsync(over, 20);
        var watcher = await OpenAsync(world);
        await world.BumpAsync();

        foreach (var value in (uint[])[20, 0, 22, 0x8000_0015, uint.MaxValue])
        {
            Assert.Equal(Outcome.Invalid, await watcher.AcknowledgeAsync(value));
            await CountsAreAsync(world, watchers: 1, outdated: 1);
        }

        Assert.Equal(21u, world.Current);
        Assert.Equal(ReadResult.Of(21), await watcher.TryReadAsync());
        Assert.Equal(Outcome.Success, await watcher.AcknowledgeAsync(21));
        await CountsAreAsync(world, watchers: 1, outdated: 0);
    }

    [Theory, Over(Capability.Watchers)]
    public async Task S09_any_other_value_is_EINVAL_and_an_up_to_date_watcher_stays_up_to_date(string over)
    {
        var world = await WorldAsync(over, 20);
        var watcher = await OpenAsync(world);
        foreach (var value in (uint[])[0, 19, 21, uint.MaxValue])
        {
            Assert.Equal(Outcome.Invalid, await watcher.AcknowledgeAsync(value));
            await CountsAreAsync(world, watchers: 1, outdated: 0);
        }

        Assert.Equal(ReadResult.WouldBlock, await watcher.TryReadAsync());
    }

    [Theory, Over(Capability.Watchers)]
    public async Task S09_an_ack_by_an_up_to_date_watcher_succeeds_and_changes_nothing(string over)
    {
        var world = await WorldAsync(over, 20);
        var watcher = await OpenAsync(world);
        for (var ack = 0; ack < 3; ack++) Assert.Equal(Outcome.Success, await watcher.AcknowledgeAsync(20));
        await CountsAreAsync(world, watchers: 1, outdated: 0);
        Assert.Equal(20u, world.Current);
    }

    [Theory, Over(Capability.Watchers)]
    public async Task S09_an_ack_that_a_bump_has_overtaken_is_EINVAL(string over)
    {
        var world = await WorldAsync(over, 20);
        var watcher = await OpenAsync(world);
        await world.BumpAsync();
        Assert.Equal(ReadResult.Of(21), await watcher.TryReadAsync());
        await world.BumpAsync();

        Assert.Equal(Outcome.Invalid, await watcher.AcknowledgeAsync(21));

        Assert.Equal(ReadResult.Of(22), await watcher.TryReadAsync());
        await CountsAreAsync(world, watchers: 1, outdated: 1);
    }

    [Theory, Over(Capability.Watchers)]
    public async Task S09_an_ack_is_of_its_own_watcher_alone(string over)
    {
        var world = await WorldAsync(over, 20);
        var (one, other) = (await OpenAsync(world), await OpenAsync(world));
        await world.BumpAsync();
        await one.AcknowledgeAsync(21);
        await CountsAreAsync(world, watchers: 2, outdated: 1);
        Assert.Equal((ReadResult.WouldBlock, ReadResult.Of(21)), (await one.TryReadAsync(), await other.TryReadAsync()));
    }

    [Theory, Over(Capability.AckLengths)]
    public async Task S09_an_ack_of_any_other_length_than_4_is_EINVAL_and_changes_nothing(string over)
    {
        var world = await WorldAsync(over, 20);
        var watcher = await OpenAsync<IByteHandle>(world);
        await world.BumpAsync();
        byte[] twice = [.. BitConverter.GetBytes(21u), .. BitConverter.GetBytes(21u)];
        foreach (var length in (int[])[0, 1, 2, 3, 5, 8])
        {
            Assert.Equal(Outcome.Invalid, await watcher.WriteAsync(twice.AsMemory(0, length)));
            await CountsAreAsync(world, watchers: 1, outdated: 1);
        }
    }

    [Theory, Over(Capability.AckInPieces)]
    public async Task S09_an_ack_that_is_not_complete_changes_nothing_until_it_is(string over)
    {
        var world = await WorldAsync(over, 20);
        var watcher = await OpenAsync<IByteHandle>(world);
        await world.BumpAsync();
        var word = BitConverter.GetBytes(21u);
        for (var at = 0; at < word.Length; at++)
        {
            await CountsAreAsync(world, watchers: 1, outdated: 1);
            await watcher.WriteAsync(word.AsMemory(at, 1));
        }

        await CountsAreAsync(world, watchers: 1, outdated: 0);
    }

    [Theory, Over(Capability.Watchers)]
    public async Task S10_poll_says_readable_from_the_bump_and_no_more_after_the_ack(string over)
    {
        var world = await WorldAsync(over, 30);
        var watcher = await OpenAsync(world);
        for (var generation = 31u; generation <= 33; generation++)
        {
            Assert.False(await watcher.IsReadableAsync());
            await world.BumpAsync();
            Assert.True(await watcher.IsReadableAsync());
            Assert.True(await watcher.IsReadableAsync());
            Assert.Equal(Outcome.Success, await watcher.AcknowledgeAsync(generation));
        }

        Assert.False(await watcher.IsReadableAsync());
    }

    [Theory, Over(Capability.Watchers, Capability.RepeatedRead)]
    public async Task S10_poll_goes_on_to_say_readable_after_reads_and_refused_acks(string over)
    {
        var world = await WorldAsync(over, 30);
        var watcher = await OpenAsync(world);
        await world.BumpAsync();
        await watcher.TryReadAsync();
        Assert.True(await watcher.IsReadableAsync());
        await watcher.AcknowledgeAsync(30);
        Assert.True(await watcher.IsReadableAsync());
        await watcher.AcknowledgeAsync(31);
        Assert.False(await watcher.IsReadableAsync());
    }
}
