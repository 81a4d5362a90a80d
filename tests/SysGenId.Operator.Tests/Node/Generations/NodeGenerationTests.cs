using CsCheck;
using SysGenId.Operator.Node.Generations;

namespace SysGenId.Operator.Tests.Node.Generations;

public sealed class NodeGenerationTests
{
    private const uint Jump = 1 << 20;

    private static readonly Gen<uint> _numbers = Gen.OneOf(
        Gen.UInt[0, 20], Gen.UInt, Gen.UInt[0x7FFF_FFF0, 0x8000_0010], Gen.UInt[0xFFFF_FFF0, 0xFFFF_FFFF], Gen.OneOf(Jump - 1, Jump, Jump + 1));

    [Theory]
    [InlineData(0u, null, 1u)]
    [InlineData(5u, 0u, 6u)]
    [InlineData(5u, 6u, 6u)]
    [InlineData(5u, 9u, 9u)]
    [InlineData(0x7FFF_FFFFu, null, 0x8000_0000u)]
    [InlineData(0x8000_0000u, 0x8000_0005u, 0x8000_0005u)]
    [InlineData(0xFFFF_FFFEu, null, 0xFFFF_FFFFu)]
    public void S03_A_bump_leads_to_the_minimum_and_at_least_one_further(uint from, uint? minimum, uint expected) =>
        Assert.Equal(expected, Changes.Node(from).TryBump(Changes.Draft(minimum), Jump, out _)!.Generation);

    [Fact]
    public void S02_After_the_last_number_nothing_moves_and_nothing_is_remembered()
    {
        var node = Changes.Node(uint.MaxValue);
        var current = node.Current;
        Assert.Null(node.TryBump(Changes.Draft(), Jump, out var refusal));
        Assert.Equal(BumpRefusal.Exhausted, refusal);
        Assert.Equal((current, 0), (node.Current, node.History.Count));
    }

    [Theory]
    [InlineData(100u, 100u + Jump, 100u + Jump)]
    [InlineData(100u, 101u + Jump, 101u)]
    [InlineData(0u, 4_294_967_294u, 1u)]
    public void S28_A_minimum_further_ahead_than_the_maximum_jump_does_not_raise_the_node(uint from, uint minimum, uint expected)
    {
        var node = Changes.Node(from);
        Assert.Equal(expected, node.Next(minimum, Jump));
        var change = node.TryBump(Changes.Draft(minimum), Jump, out _)!;
        Assert.Equal((expected, minimum), (change.Generation, change.Minimum));
    }

    [Fact]
    public void S02_Above_the_stored_ceiling_nothing_is_given_out_until_a_higher_one_is_stored()
    {
        var node = Changes.Node(9, ceiling: 10);
        Assert.NotNull(node.TryBump(Changes.Draft(), Jump, out _));
        Assert.Null(node.TryBump(Changes.Draft(), Jump, out var refusal));
        Assert.Equal((BumpRefusal.AboveCeiling, 10u), (refusal, node.Current.Generation));

        node.RaiseCeiling(11);
        node.RaiseCeiling(3);
        Assert.Equal(11u, node.TryBump(Changes.Draft(), Jump, out _)!.Generation);
    }

    [Fact]
    public void The_last_64_changes_are_remembered_oldest_first()
    {
        var node = Changes.Node(0);
        for (var bump = 0; bump < 100; bump++) node.TryBump(Changes.Draft(), Jump, out _);
        Assert.Equal(Enumerable.Range(37, 64).Select(number => (uint)number), node.History.Select(change => change.Generation));
    }

    [Fact]
    public void What_became_of_a_change_is_said_in_its_own_line()
    {
        var node = Changes.Node(0);
        var first = node.TryBump(Changes.Draft(), Jump, out _)!;
        var second = node.TryBump(Changes.Draft(), Jump, out _)!;
        node.Amend(second.Id, ChangeOutcome.TimedOut, "too late");
        node.Amend(Guid.NewGuid(), ChangeOutcome.Refused, "of nobody");

        var amended = second with { Outcome = ChangeOutcome.TimedOut, Message = "too late" };
        Assert.Equal([first, amended], node.History);
        Assert.Equal(amended, node.Current);
    }

    [Fact]
    public void A_change_that_moved_nothing_is_remembered_and_leaves_the_current_one()
    {
        var node = Changes.Node(4);
        node.Remember(Changes.At(4) with { Outcome = ChangeOutcome.Refused });
        Assert.Equal((4u, 1), (node.Current.Generation, node.History.Count));
        Assert.Equal(5u, node.TryBump(Changes.Draft(), Jump, out _)!.Generation);
    }

    [Fact]
    public void S02_S03_S28_Any_sequence_of_bumps_and_ceilings_goes_as_the_model_does() =>
        Gen.Select(_numbers, _numbers, Gen.Select(_numbers, _numbers, Gen.OneOf(1u, 5u, Jump, uint.MaxValue)).Array[0, 30]).Sample(
            (start, ceiling, steps) =>
            {
                var node = Changes.Node(start, ceiling);
                var model = new NodeGenerationModel(start, ceiling);
                foreach (var (minimum, raise, jump) in steps)
                {
                    var draft = Changes.Draft(minimum);
                    var made = node.TryBump(draft, jump, out var refusal);
                    Assert.Equal(model.Bump(minimum, jump), (made?.Generation, refusal));
                    Assert.Equal(made is null, made?.Id != draft.Id);
                    Assert.Equal(model.Current, node.Current.Generation);
                    node.RaiseCeiling(raise);
                    model.Ceiling = Math.Max(model.Ceiling, raise);
                }
            },
            iter: 10_000);
}
