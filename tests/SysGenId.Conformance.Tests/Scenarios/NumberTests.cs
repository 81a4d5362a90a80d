using System.Buffers.Binary;
using SysGenId.Conformance.Tests.Interfaces;

namespace SysGenId.Conformance.Tests.Scenarios;

/// <summary>S01 to S03: what kind of number it is, and how it moves.</summary>
public sealed class NumberTests : ConformanceTest
{
    private const uint HalfWay = 0x8000_0000;

    [Theory, Over(Capability.Watchers)]
    public async Task S01_a_node_that_never_had_a_bump_is_at_0_and_its_first_bump_leads_to_1(string over)
    {
        var world = await WorldAsync(over);
        Assert.Equal(0u, world.Current);
        var watcher = await OpenAsync(world);

        await world.BumpAsync();

        Assert.Equal((1u, ReadResult.Of(1)), (world.Current, await watcher.TryReadAsync()));
    }

    [Theory, Over(Capability.Page)]
    public async Task S01_the_page_holds_an_unsigned_number_in_native_order(string over)
    {
        const uint Value = 0x8142_4344;
        var world = await WorldAsync<IPagedWorld>(over);
        await world.BumpAsync(Value);

        var bytes = ReadPage(world)[..sizeof(uint)];

        Assert.Equal(BitConverter.GetBytes(Value), bytes);
        Assert.Equal(Value, BitConverter.IsLittleEndian ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes));
    }

    [Theory, Over(Capability.Watchers)]
    public async Task S02_at_the_last_number_a_bump_is_refused_and_nothing_changes(string over)
    {
        var world = await WorldAsync(over, uint.MaxValue - 1);
        var watcher = await OpenAsync(world);
        Assert.Equal(new Change(Outcome.Success, uint.MaxValue), await world.BumpAsync());
        Assert.Equal(Outcome.Success, await watcher.AcknowledgeAsync(uint.MaxValue));

        foreach (var minimum in (uint[])[0, 1, uint.MaxValue])
        {
            Assert.Equal(new Change(Outcome.Exhausted, uint.MaxValue), await world.BumpAsync(minimum));
            Assert.Equal((uint.MaxValue, ReadResult.WouldBlock), (world.Current, await watcher.TryReadAsync()));
            await CountsAreAsync(world, watchers: 1, outdated: 0);
        }
    }

    [Theory, Over(Capability.Restart)]
    public async Task S02_whoever_serves_it_is_killed_and_what_was_seen_is_never_followed_by_less(string over)
    {
        var world = await WorldAsync<IRestartingWorld>(over, 7);
        await world.BumpAsync(900);

        // A node that has lost its state says less; one that has not, the same or more.
        foreach (var nodeGeneration in (uint[])[3, 900, 0, 5000])
        {
            var before = world.Current;
            await world.RestartAsync(nodeGeneration);
            Assert.InRange(world.Current, Math.Max(before, nodeGeneration), uint.MaxValue);
            var watcher = await OpenAsync(world);
            await world.BumpAsync();
            Assert.InRange((await watcher.TryReadAsync()).Generation, Math.Max(before, nodeGeneration) + 1, uint.MaxValue);
        }
    }

    [Theory, Over(Capability.Watchers)]
    public async Task S03_a_bump_moves_to_its_minimum_or_by_one_whatever_the_numbers(string over)
    {
        (uint Minimum, uint Expected)[] bumps =
        [
            (0, 1), (1, 2), (10, 10), (10, 11), (3, 12), (HalfWay - 1, HalfWay - 1), (HalfWay, HalfWay), (HalfWay - 1, HalfWay + 1),
            (1, HalfWay + 2), (0xC000_0000, 0xC000_0000), (HalfWay, 0xC000_0001), (uint.MaxValue - 1, uint.MaxValue - 1), (0, uint.MaxValue),
        ];
        var world = await WorldAsync(over);
        var watcher = await OpenAsync(world);

        foreach (var (minimum, expected) in bumps)
        {
            Assert.Equal(new Change(Outcome.Success, expected), await world.BumpAsync(minimum));
            Assert.Equal((expected, ReadResult.Of(expected)), (world.Current, await watcher.TryReadAsync()));
            Assert.Equal(Outcome.Success, await watcher.AcknowledgeAsync(expected));
            await CountsAreAsync(world, watchers: 1, outdated: 0);
        }
    }

    [Theory, Over(Capability.Watchers)]
    public async Task S03_a_minimum_of_the_last_number_is_reached_at_once(string over)
    {
        var world = await WorldAsync(over);
        Assert.Equal(new Change(Outcome.Success, uint.MaxValue), await world.BumpAsync(uint.MaxValue));
    }

    private static byte[] ReadPage(IPagedWorld world)
    {
        using var file = new FileStream(world.PagePath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }
}
