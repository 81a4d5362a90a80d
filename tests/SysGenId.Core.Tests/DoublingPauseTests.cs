namespace SysGenId.Core.Tests;

public sealed class DoublingPauseTests
{
    [Fact]
    public void Pauses_double_up_to_the_longest_and_begin_anew_after_a_success()
    {
        var pause = new DoublingPause(TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(35));
        Assert.Equal([10, 20, 35, 35], Take(pause, 4));
        pause.Reset();
        Assert.Equal([10, 20], Take(pause, 2));
    }

    private static List<double> Take(DoublingPause pause, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => pause.Next().TotalMilliseconds)];
}
