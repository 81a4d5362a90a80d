using CsCheck;
using SysGenId.Core.Generations;

namespace SysGenId.Core.Tests.Generations;

public sealed class GenerationCounterTests
{
    [Fact]
    public void S01_A_counter_starts_where_it_is_told_and_at_0_by_default()
    {
        Assert.Equal(0u, default(GenerationCounter).Current);
        Assert.Equal(0x8000_0000u, new GenerationCounter(0x8000_0000).Current);
    }

    [Theory]
    [InlineData(0u, 0u, 1u)]
    [InlineData(0u, 1u, 1u)]
    [InlineData(7u, 3u, 8u)]
    [InlineData(7u, 7u, 8u)]
    [InlineData(7u, 8u, 8u)]
    [InlineData(7u, 900u, 900u)]
    [InlineData(0x7FFF_FFFFu, 0u, 0x8000_0000u)]
    [InlineData(0x8000_0000u, 0x7FFF_FFFFu, 0x8000_0001u)]
    [InlineData(1u, 0x8000_0000u, 0x8000_0000u)]
    [InlineData(0x8000_0000u, 0xFFFF_FFFFu, 0xFFFF_FFFFu)]
    [InlineData(0xFFFF_FFFEu, 0u, 0xFFFF_FFFFu)]
    public void S03_A_bump_moves_to_the_minimum_or_by_one_whichever_is_more(uint current, uint minimum, uint expected)
    {
        var counter = new GenerationCounter(current);
        Assert.True(counter.TryBump(minimum));
        Assert.Equal(expected, counter.Current);
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(0xFFFF_FFFFu)]
    public void S02_At_the_last_number_a_bump_is_refused_and_nothing_wraps(uint minimum)
    {
        var counter = new GenerationCounter(uint.MaxValue);
        Assert.False(counter.TryBump(minimum));
        Assert.Equal(uint.MaxValue, counter.Current);
    }

    [Fact]
    public void S02_S03_Whatever_is_asked_for_the_counter_rises_to_what_64_bit_arithmetic_says_or_stays_at_the_end() =>
        Gen.Select(Numbers.Any, Numbers.Any.Array[0, 20]).Sample((start, minimums) =>
        {
            var counter = new GenerationCounter(start);
            foreach (var minimum in minimums)
            {
                var before = counter.Current;
                var expected = Math.Max(minimum, before + 1L);
                var moved = counter.TryBump(minimum);
                if (moved != (before < uint.MaxValue)) return false;
                if (counter.Current != (moved ? expected : before)) return false;
            }

            return true;
        });
}
