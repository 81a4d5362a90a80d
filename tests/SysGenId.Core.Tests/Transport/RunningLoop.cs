using Microsoft.Extensions.Time.Testing;
using SysGenId.Core.Transport;
using SysGenId.TestSupport;

namespace SysGenId.Core.Tests.Transport;

/// <summary>An event loop on a thread of its own, with a clock that the test moves.</summary>
internal sealed class RunningLoop : IDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly Thread _thread;
    private Exception? _failure;

    public RunningLoop()
    {
        Loop = new EventLoop(_clock);
        _thread = new Thread(Run);
        _thread.Start();
    }

    public EventLoop Loop { get; }

    /// <summary>Runs something on the loop's thread and returns when it has run.</summary>
    public T Invoke<T>(Func<T> function)
    {
        var result = default(T);
        using var done = new ManualResetEventSlim();
        Loop.Post(() =>
        {
            result = function();
            done.Set();
        });
        while (!done.Wait(TimeSpan.FromMilliseconds(100))) Assert.True(_thread.IsAlive, $"the loop ended: {_failure}");
        return result!;
    }

    public void Invoke(Action action) => Invoke(() =>
    {
        action();
        return 0;
    });

    /// <summary>Returns when the loop has seen everything that was ready before, and ran the timers due before.</summary>
    public void Settle()
    {
        Assert.True(_thread.IsAlive, $"the loop ended: {_failure}");
        Loop.Settle();
    }

    /// <summary>Lets time pass, and the timers that become due run.</summary>
    public void Advance(TimeSpan time)
    {
        Settle();
        _clock.Advance(time);
        Settle();
    }

    public void Dispose()
    {
        Loop.Stop();
        _thread.Join();
        Loop.Dispose();
        if (_failure is not null) throw new InvalidOperationException("the loop failed", _failure);
    }

    private void Run()
    {
        try
        {
            Loop.Run();
        }
        catch (Exception failure)
        {
            _failure = failure;
        }
    }
}
