using CsCheck;
using SysGenId.Core.CounterPage;
using SysGenId.Core.Generations;
using SysGenId.Operator.Node.Generations;
using SysGenId.Operator.Node.State;
using SysGenId.Operator.Tests.Node.Generations;

namespace SysGenId.Operator.Tests.Node.State;

public sealed class StateRecoveryTests
{
    private const string ThisBoot = "this boot";
    private const string EarlierBoot = "an earlier boot";
    private const string Complaint = "state.json cannot be read.";

    private static readonly GenerationChange _fresh = Changes.At(0, GenerationCause.None);

    [Fact]
    public void S01_A_node_that_never_had_a_bump_starts_at_0()
    {
        var start = Decide(null, null);
        Assert.Equal((0u, GenerationCause.None, 0L, false), (start.Current.Generation, start.Current.Cause, start.Current.TimeNs, start.IsBump));
        Assert.Null(start.Reason);
    }

    [Fact]
    public void S02_A_lost_file_and_no_page_is_a_bump_with_cause_AgentStateLost()
    {
        var start = Decide(null, null, Complaint);
        Assert.Equal((1u, GenerationCause.AgentStateLost, true, Complaint), (start.Current.Generation, start.Current.Cause, start.IsBump, start.Reason));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(Complaint)]
    public void S02_A_node_that_knows_nothing_goes_above_what_is_known_of_it_elsewhere(string? complaint)
    {
        var start = Decide(null, null, complaint, knownElsewhere: 900);
        Assert.Equal((901u, GenerationCause.AgentStateLost, true), (start.Current.Generation, start.Current.Cause, start.IsBump));
        Assert.Equal(complaint ?? "nothing on this node says how far it had come; its object says 900", start.Reason);
        Assert.Equal(uint.MaxValue, Decide(null, null, complaint, knownElsewhere: uint.MaxValue).Current.Generation);
    }

    [Fact]
    public void Nobody_else_is_asked_where_page_or_file_know()
    {
        Func<uint?> nobody = () => throw new InvalidOperationException("asked all the same");
        var state = State(7, 131_072, ThisBoot, isClean: true);
        Assert.Equal(7u, StateRecovery.Decide(state, null, null, ThisBoot, _fresh, nobody).Current.Generation);
        Assert.Equal(9u, StateRecovery.Decide(null, null, Page(9), ThisBoot, _fresh, nobody).Current.Generation);
    }

    [Theory]
    [InlineData(ThisBoot)]
    [InlineData(EarlierBoot)]
    public void After_an_end_in_good_order_the_node_goes_on_exactly_there(string boot)
    {
        var state = State(7, 131_072, boot, isClean: true);
        Assert.Equal(new StateRecovery.Start(state.Current, IsBump: false, null), Decide(state, null));
    }

    [Theory]
    [InlineData(ThisBoot, "the agent was killed and its counter page is gone; going on above 131072")]
    [InlineData(EarlierBoot, "the machine went down with the agent running; going on above 131072")]
    public void S02_After_a_crash_without_a_page_the_node_goes_on_above_the_ceiling(string boot, string reason)
    {
        var start = Decide(State(7, 131_072, boot, isClean: false), null);
        Assert.Equal((131_073u, GenerationCause.AgentStateLost, true, reason), (start.Current.Generation, start.Current.Cause, start.IsBump, start.Reason));
        Assert.Equal(_fresh.Id, start.Current.Id);
    }

    [Theory]
    [InlineData(7u)]
    [InlineData(9u)]
    [InlineData(131_072u)]
    [InlineData(200_000u)]
    public void After_a_crash_in_this_boot_the_page_is_exact(uint shown)
    {
        var page = Page(shown);
        var start = Decide(State(7, 131_072, ThisBoot, isClean: false), page);
        Assert.Equal((shown, page.Id, false), (start.Current.Generation, start.Current.Id, start.IsBump));
        Assert.Null(start.Reason);
    }

    [Fact]
    public void What_the_history_knows_of_the_change_on_the_page_is_kept()
    {
        var known = Changes.At(9) with { Pod = "pod", Outcome = ChangeOutcome.TimedOut };
        var state = State(9, 131_072, ThisBoot, isClean: false) with { History = [known] };
        Assert.Equal(known, Decide(state, Page(9) with { Id = known.Id }).Current);
    }

    [Fact]
    public void A_page_without_a_file_is_exact()
    {
        var start = Decide(null, Page(12), Complaint);
        Assert.Equal((12u, false, Complaint), (start.Current.Generation, start.IsBump, start.Reason));
    }

    [Theory]
    [InlineData(true, 7u)]
    [InlineData(false, 131_073u)]
    public void S02_A_page_that_is_older_than_the_file_is_not_believed(bool isClean, uint expected) =>
        Assert.Equal(expected, Decide(State(7, 131_072, ThisBoot, isClean), Page(6)).Current.Generation);

    [Fact]
    public void S02_A_page_that_outlived_its_boot_may_have_lost_its_last_changes()
    {
        var start = Decide(State(7, 131_072, EarlierBoot, isClean: false), Page(9));
        Assert.Equal((131_073u, true), (start.Current.Generation, start.IsBump));
    }

    [Fact]
    public void S02_A_page_above_the_ceiling_is_believed_over_an_older_copy_of_the_file() =>
        Assert.Equal(200_000u, Decide(State(7, 131_072, EarlierBoot, isClean: false), Page(200_000)).Current.Generation);

    [Fact]
    public void S02_S24_A_page_torn_by_a_crash_is_followed_by_a_bump_of_a_new_name()
    {
        var start = Decide(State(9, 131_072, ThisBoot, isClean: false), Torn(200_000));
        Assert.Equal((200_001u, _fresh.Id, GenerationCause.AgentStateLost, true), (start.Current.Generation, start.Current.Id, start.Current.Cause, start.IsBump));
    }

    [Theory]
    [InlineData(true, 100u)]
    [InlineData(false, 131_073u)]
    public void S02_A_page_torn_in_its_very_first_change_does_not_hide_what_the_file_knows(bool isClean, uint expected) =>
        Assert.Equal(expected, Decide(State(100, 131_072, EarlierBoot, isClean), Torn(0)).Current.Generation);

    [Fact]
    public void S02_At_the_last_number_nothing_wraps()
    {
        Assert.Equal(uint.MaxValue, Decide(State(5, uint.MaxValue, EarlierBoot, isClean: false), null).Current.Generation);
        Assert.Equal(uint.MaxValue, Decide(null, Torn(uint.MaxValue)).Current.Generation);
    }

    [Fact]
    public void S02_Whatever_is_left_the_start_is_above_everything_seen_and_equal_only_to_what_is_exact() =>
        Gen.Select(
            Gen.Select(Gen.UInt[0, 12], Gen.UInt[0, 12], Gen.Bool, Gen.Bool, (current, room, isClean, isThisBoot) =>
                State(current, current + room, isThisBoot ? ThisBoot : EarlierBoot, isClean)).Null(),
            Gen.Select(Gen.UInt[0, 30], Gen.Bool, (shown, isTorn) => isTorn ? Torn(shown) : Page(shown)).Nullable(),
            Gen.Bool).Sample(
            (state, page, isFileLost) =>
            {
                var start = Decide(state, page, isFileLost && state is null ? Complaint : null);
                var generation = start.Current.Generation;

                // What may have been seen, in this boot or the last: all the page shows, and all that was given out by an
                // agent that did not live to say where it stood, unless the page of the same boot says so.
                Assert.True(generation >= (page?.Generation ?? 0));
                Assert.True(generation >= (state?.Current.Generation ?? 0));
                var isPageExact = page is { } shown && shown.Id != Guid.AllBitsSet && (state is null || shown.Generation >= state.Current.Generation)
                    && (state is null || state.IsClean || state.BootId == ThisBoot || shown.Generation > state.Ceiling);
                if (state is { IsClean: false } && !isPageExact) Assert.True(generation > state.Ceiling || page?.Generation > state.Ceiling);

                // A number that was shown before keeps its name; a new one has a name of its own.
                if (start.IsBump)
                {
                    Assert.Equal((_fresh.Id, GenerationCause.AgentStateLost), (start.Current.Id, start.Current.Cause));
                    Assert.True(generation > (page?.Generation ?? 0) && generation > (state?.Current.Generation ?? 0));
                }
                else
                {
                    Assert.True(start.Current.Id == page?.Id || start.Current.Id == state?.Current.Id || (page is null && state is null));
                }
            },
            iter: 20_000);

    private static StateRecovery.Start Decide(NodeState? state, PageContent? page, string? complaint = null, uint? knownElsewhere = null) =>
        StateRecovery.Decide(state, complaint, page, ThisBoot, _fresh, () => knownElsewhere);

    private static NodeState State(uint current, uint ceiling, string boot, bool isClean) =>
        new() { Current = Changes.At(current), Ceiling = ceiling, BootId = boot, IsClean = isClean };

    private static PageContent Page(uint generation) => new(generation, Guid.NewGuid(), 1, GenerationCause.Forced);

    private static PageContent Torn(uint generation) => Page(generation) with { Id = Guid.AllBitsSet };
}
