using CsCheck;
using Microsoft.Extensions.Time.Testing;
using SysGenId.Operator.Node.Reporting;

namespace SysGenId.Operator.Tests.Node.Reporting;

public sealed class LineageTests
{
    private static readonly LineageOptions _options = new();

    private readonly FakeTimeProvider _clock = new();
    private readonly Lineage _lineage;
    private ulong _version = 100;

    public LineageTests()
    {
        _lineage = new Lineage(_options, _clock, new Random(1));
    }

    private bool IsUnique => _lineage.Conflict is null;

    [Fact]
    public void A_report_of_another_lineage_is_a_conflict_that_names_it_and_says_what_to_do()
    {
        Assert.True(See(900, "0a0b0c0d-0102-0304-0506-0708090a0b0c"));
        Assert.Contains("generation 900 (0a0b0c0d-0102-0304-0506-0708090a0b0c) is of another lineage", _lineage.Conflict, StringComparison.Ordinal);
        Assert.Contains("give each clone a node name of its own", _lineage.Conflict, StringComparison.Ordinal);
        Assert.Contains("for 10 minutes", _lineage.Conflict, StringComparison.Ordinal);
    }

    [Fact]
    public void A_conflict_begins_once_and_its_number_is_gone_past_once_however_far_the_other_goes()
    {
        Assert.True(See(900));
        Assert.Equal(900u, _lineage.TakeReached());
        for (var generation = 901u; generation < 950; generation++)
        {
            Overwrite();
            Assert.False(See(generation));
            Assert.Null(_lineage.TakeReached());
        }
    }

    [Fact]
    public void The_first_report_is_overwritten_at_once_and_each_further_one_later_up_to_a_minute()
    {
        See(1);
        Assert.True(_lineage.MayWrite);
        foreach (var most in new[] { 2, 4, 8, 16, 32, 60, 60, 60 })
        {
            Overwrite();
            See(1);
            Assert.False(_lineage.MayWrite);
            Assert.InRange(_lineage.NextLook!.Value.TotalSeconds, most / 2.0, most);
            _clock.Advance(_lineage.NextLook.Value);
            Assert.True(_lineage.MayWrite);
        }
    }

    [Fact]
    public void Over_a_report_of_its_own_an_agent_writes_whenever_something_changes()
    {
        See(1);
        Overwrite();
        for (var change = 0; change < 5; change++)
        {
            Assert.False(_lineage.SeeNone());
            Assert.True(_lineage.MayWrite);
            _lineage.Wrote();
        }

        Assert.Equal(_options.Quiet, _lineage.NextLook);
    }

    [Fact]
    public void S02_after_ten_minutes_in_which_nobody_else_wrote_the_conflict_ends_above_the_highest_number_that_was_seen()
    {
        See(900);
        _lineage.TakeReached();
        Overwrite();
        See(5_000);
        Overwrite();
        See(1_000);
        Overwrite();
        _clock.Advance(_options.Quiet - TimeSpan.FromSeconds(1));
        Assert.False(_lineage.SeeNone());
        _clock.Advance(_lineage.NextLook!.Value);
        Assert.True(_lineage.SeeNone());
        Assert.Equal(5_000u, _lineage.TakeReached());
        Assert.Null(_lineage.TakeReached());
        Assert.False(IsUnique);
        _lineage.End();
        Assert.True(IsUnique);
        Assert.False(_lineage.SeeNone());
        Assert.Null(_lineage.NextLook);

        // And the next is a new one, with waits that begin anew.
        Assert.True(See(6_000));
        Assert.Equal(6_000u, _lineage.TakeReached());
        Overwrite();
        See(6_000);
        Assert.InRange(_lineage.NextLook!.Value.TotalSeconds, 1, 2);
    }

    [Fact]
    public void While_the_other_s_report_stands_no_time_ends_the_conflict()
    {
        See(1);
        _clock.Advance(_options.Quiet * 5);
        Assert.False(IsUnique);
        Overwrite();
        Assert.False(_lineage.SeeNone());
        _clock.Advance(_options.Quiet);
        Assert.True(_lineage.SeeNone());
    }

    [Fact]
    public void A_report_under_a_name_of_ours_that_was_put_there_once_is_no_other_lineage_and_one_that_comes_back_is()
    {
        Assert.False(See(7, isNameOurs: true));
        Assert.True(IsUnique && _lineage.MayWrite);
        _lineage.Wrote();
        Assert.False(See(7, isNameOurs: true));
        _clock.Advance(_options.InsistenceWindow + TimeSpan.FromSeconds(1));
        Assert.False(See(7, isNameOurs: true));
        Assert.False(See(7, isNameOurs: true));
        Assert.True(See(7, isNameOurs: true));
        Assert.Equal(7u, _lineage.TakeReached());
    }

    [Fact]
    public void One_report_looked_at_again_and_again_counts_once()
    {
        var report = new ForeignReport(5, 7, "x");
        for (var round = 0; round < 10; round++) Assert.False(_lineage.See(report, isNameOurs: true));
        Assert.True(IsUnique);
    }

    [Fact]
    public void What_a_predecessor_said_is_kept_until_it_has_been_quiet_long_enough_for_this_agent_too()
    {
        _lineage.Inherit("two of them");
        Assert.Equal("two of them", _lineage.Conflict);
        Assert.True(_lineage.MayWrite);
        Assert.False(See(40));
        Assert.Equal(40u, _lineage.TakeReached());
        Overwrite();
        _clock.Advance(_options.Quiet);
        Assert.True(_lineage.SeeNone());
    }

    [Fact]
    public void Two_agents_of_one_name_bump_once_each_and_write_four_times_a_minute_at_most() =>
        Gen.Int.Sample(
            seed =>
            {
                var clock = new FakeTimeProvider();
                var two = new[] { new Lineage(_options, clock, new Random(seed)), new Lineage(_options, clock, new Random(seed + 1)) };
                var (writer, version, bumps, writes) = (0, 1ul, 0, 0);
                for (var second = 0; second < 1200; second++)
                {
                    for (var me = 0; me < 2; me++)
                    {
                        if (writer == me) Assert.False(two[me].SeeNone());
                        else two[me].See(new ForeignReport(version, 10, $"{writer}"), isNameOurs: false);
                        if (two[me].TakeReached() is not null) bumps++;
                        if (writer == me || !two[me].MayWrite) continue;
                        two[me].Wrote();
                        (writer, version, writes) = (me, version + 1, writes + 1);
                    }

                    clock.Advance(TimeSpan.FromSeconds(1));
                }

                Assert.Equal(2, bumps);
                Assert.InRange(writes, 20, (4 * 20) + 10);
                Assert.All(two, one => Assert.NotNull(one.Conflict));
            },
            iter: 100);

    private bool See(uint generation, string id = "name", bool isNameOurs = false) => _lineage.See(new ForeignReport(++_version, generation, id), isNameOurs);

    private void Overwrite()
    {
        if (_lineage.NextLook is { } wait && !_lineage.MayWrite) _clock.Advance(wait);
        Assert.True(_lineage.MayWrite);
        _lineage.Wrote();
    }
}
