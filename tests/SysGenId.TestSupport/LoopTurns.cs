using SysGenId.Core.Transport;

namespace SysGenId.TestSupport;

/// <summary>Waits for turns of an event loop that runs on another thread.</summary>
internal static class LoopTurns
{
    /// <summary>Returns when the loop has seen everything that was ready before, and ran the timers due before.</summary>
    /// <exception cref="TimeoutException">It does not turn.</exception>
    public static void Settle(this EventLoop loop)
    {
        // An action may run in a turn that began before; what is due runs at the end of its turn.
        for (var turn = 0; turn < 3; turn++)
        {
            var isOver = new ManualResetEventSlim();
            loop.Post(() => loop.After(TimeSpan.Zero, isOver.Set));
            if (!isOver.Wait(Eventually.Patience)) throw new TimeoutException("The loop does not turn: it has ended, or waits for something.");
        }
    }
}
