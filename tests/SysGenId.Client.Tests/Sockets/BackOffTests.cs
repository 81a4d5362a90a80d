using SysGenId.Client.Sockets;

namespace SysGenId.Client.Tests.Sockets;

public sealed class BackOffTests
{
    [Fact]
    public void Pauses_double_up_to_the_longest_and_begin_anew_after_a_success()
    {
        var backOff = new BackOff(TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(35));
        Assert.Equal([10, 20, 35, 35], Take(backOff, 4));
        backOff.Reset();
        Assert.Equal([10, 20], Take(backOff, 2));
    }

    private static List<double> Take(BackOff backOff, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => backOff.Next().TotalMilliseconds)];
}
