using Microsoft.Extensions.Time.Testing;
using SysGenId.Operator.Cluster;

namespace SysGenId.Operator.Tests.Cluster;

public sealed class BackOffTests
{
    private readonly BackOff _backOff = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30), new FakeTimeProvider(), new Random(1));

    [Fact]
    public void Waits_double_up_to_the_bound_and_the_upper_half_of_each_is_chance()
    {
        foreach (var most in new[] { 1, 2, 4, 8, 16, 30, 30, 30 })
            Assert.InRange(_backOff.Next(null).TotalSeconds, most / 2.0, most);
    }

    [Fact]
    public void After_a_reset_the_next_wait_is_a_first_one()
    {
        for (var i = 0; i < 10; i++) _backOff.Next(null);

        _backOff.Reset();

        Assert.InRange(_backOff.Next(null).TotalSeconds, 0.5, 1);
    }

    [Fact]
    public void What_the_server_asks_for_is_waited_for_in_full_even_beyond_the_bound() =>
        Assert.InRange(_backOff.Next(TimeSpan.FromMinutes(2)).TotalSeconds, 120, 120.5);

    [Fact]
    public void A_wish_shorter_than_our_own_wait_shortens_nothing()
    {
        for (var i = 0; i < 10; i++) _backOff.Next(null);

        Assert.InRange(_backOff.Next(TimeSpan.FromSeconds(1)).TotalSeconds, 15, 30);
    }

    [Fact]
    public void Those_who_failed_together_do_not_come_back_together()
    {
        var waits = Enumerable.Range(0, 100).Select(seed =>
            new BackOff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30), TimeProvider.System, new Random(seed)).Next(null));

        Assert.Equal(100, waits.Distinct().Count());
    }
}
