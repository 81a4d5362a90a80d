using SysGenId.Conformance.Tests.Interfaces;

namespace SysGenId.Conformance.Tests.Scenarios;

/// <summary>S06 to S08: reads.</summary>
public sealed class ReadTests : ConformanceTest
{
    [Theory, Over(Capability.BlockingRead)]
    public async Task S06_a_blocking_read_of_an_up_to_date_watcher_sleeps_until_a_bump_and_does_not_ack(string over)
    {
        var world = await WorldAsync(over, 4);
        var watcher = await OpenAsync<IBlockingHandle>(world);

        var reading = watcher.ReadAsync(CancellationToken.None);
        await world.SettleAsync();
        Assert.False(reading.IsCompleted);
        await world.BumpAsync();

        Assert.Equal(ReadResult.Of(5), await reading.InTimeAsync());
        await CountsAreAsync(world, watchers: 1, outdated: 1);
    }

    [Theory, Over(Capability.BlockingRead)]
    public async Task S06_a_blocking_read_of_an_outdated_watcher_returns_at_once_with_the_newest_generation(string over)
    {
        var world = await WorldAsync(over, 4);
        var watcher = await OpenAsync<IBlockingHandle>(world);
        await world.BumpAsync();
        await world.BumpAsync(70);
        await world.SettleAsync();

        Assert.Equal(ReadResult.Of(70), await watcher.ReadAsync(CancellationToken.None).InTimeAsync());
    }

    [Theory, Over(Capability.BlockingRead, Capability.RepeatedRead)]
    public async Task S06_a_blocking_read_returns_at_once_as_often_as_it_is_called_until_the_ack(string over)
    {
        var world = await WorldAsync(over);
        var watcher = await OpenAsync<IBlockingHandle>(world);
        await world.BumpAsync();
        for (var read = 0; read < 3; read++)
            Assert.Equal(ReadResult.Of(1), await watcher.ReadAsync(CancellationToken.None).InTimeAsync());
        Assert.Equal(Outcome.Success, await watcher.AcknowledgeAsync(1));

        var reading = watcher.ReadAsync(CancellationToken.None);
        await world.SettleAsync();
        Assert.False(reading.IsCompleted);

        await world.BumpAsync();
        Assert.Equal(ReadResult.Of(2), await reading.InTimeAsync());
    }

    [Theory, Over(Capability.BlockingRead)]
    public async Task S06_a_blocking_read_can_be_interrupted_and_the_watcher_is_as_before(string over)
    {
        var world = await WorldAsync(over);
        var watcher = await OpenAsync<IBlockingHandle>(world);
        using var interruption = new CancellationTokenSource();
        var reading = watcher.ReadAsync(interruption.Token);
        await world.SettleAsync();
        Assert.False(reading.IsCompleted);

        await interruption.CancelAsync();

        Assert.Equal(Outcome.Interrupted, (await reading.InTimeAsync()).Outcome);
        await CountsAreAsync(world, watchers: 1, outdated: 0);
        await world.BumpAsync();
        Assert.Equal(ReadResult.Of(1), await watcher.TryReadAsync());
    }

    [Theory, Over(Capability.Watchers)]
    public async Task S07_reading_an_up_to_date_watcher_without_blocking_is_EAGAIN_before_a_bump_and_after_the_ack(string over)
    {
        var world = await WorldAsync(over, 11);
        var watcher = await OpenAsync(world);
        Assert.Equal(ReadResult.WouldBlock, await watcher.TryReadAsync());
        Assert.Equal(ReadResult.WouldBlock, await watcher.TryReadAsync());

        await world.BumpAsync();
        Assert.Equal(ReadResult.Of(12), await watcher.TryReadAsync());
        await CountsAreAsync(world, watchers: 1, outdated: 1);

        await watcher.AcknowledgeAsync(12);
        Assert.Equal(ReadResult.WouldBlock, await watcher.TryReadAsync());
    }

    [Theory, Over(Capability.Watchers, Capability.RepeatedRead)]
    public async Task S07_reading_an_outdated_watcher_without_blocking_succeeds_until_the_ack(string over)
    {
        var world = await WorldAsync(over, 11);
        var watcher = await OpenAsync(world);
        await world.BumpAsync();
        for (var read = 0; read < 3; read++) Assert.Equal(ReadResult.Of(12), await watcher.TryReadAsync());
        await world.BumpAsync();
        for (var read = 0; read < 3; read++) Assert.Equal(ReadResult.Of(13), await watcher.TryReadAsync());
    }

    [Theory, Over(Capability.LongRead)]
    public async Task S08_a_read_with_more_room_than_4_bytes_returns_exactly_4(string over)
    {
        var world = await WorldAsync(over, 11);
        var watcher = await OpenAsync<IByteHandle>(world);
        foreach (var length in (int[])[4, 5, 8, 4096])
        {
            var generation = (await world.BumpAsync()).Generation;
            await world.SettleAsync();
            Assert.Equal(ReadResult.Of(generation), await watcher.TryReadAsync(length));
            Assert.Equal(Outcome.Success, await watcher.AcknowledgeAsync(generation));
        }
    }

    [Theory, Over(Capability.LongRead)]
    public async Task S08_a_read_with_no_room_returns_0_and_loses_nothing(string over)
    {
        var world = await WorldAsync(over, 11);
        var watcher = await OpenAsync<IByteHandle>(world);
        await world.BumpAsync();
        await world.SettleAsync();

        Assert.Equal(new ReadResult(Outcome.Success), await watcher.TryReadAsync(0));

        Assert.Equal(ReadResult.Of(12), await watcher.TryReadAsync());
    }

    [Theory, Over(Capability.ReadLengths)]
    public async Task S08_a_read_with_room_for_1_to_3_bytes_is_EINVAL_and_loses_nothing(string over)
    {
        var world = await WorldAsync(over, 11);
        var watcher = await OpenAsync<IByteHandle>(world);
        await world.BumpAsync();
        for (var length = 1; length < sizeof(uint); length++) Assert.Equal(Outcome.Invalid, (await watcher.TryReadAsync(length)).Outcome);
        Assert.Equal(ReadResult.Of(12), await watcher.TryReadAsync());
    }
}
