using Microsoft.Extensions.Time.Testing;
using SysGenId.Core.Transport;
using SysGenId.Operator.Node.Sources;
using SysGenId.TestSupport;

namespace SysGenId.Operator.Tests.Node.Sources;

/// <summary>A source on an event loop of its own, with a clock that the test moves and nobody behind it but the test.</summary>
internal sealed class SourceLoop : IMachineEvents, IDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly Thread _thread;
    private readonly List<string> _steps = [];
    private readonly List<MachineEvent> _reports = [];
    private readonly Dictionary<string, ulong> _followed = [];
    private IEventSource? _source;

    public SourceLoop()
    {
        Loop = new EventLoop(_clock);
        _thread = new Thread(Loop.Run);
        _thread.Start();
    }

    public EventLoop Loop { get; }

    public IReadOnlyList<MachineEvent> Reports => Invoke(() => _reports.ToArray());

    public MachineEvent Report => Assert.Single(Reports);

    /// <summary>What happened, in order: reseeded, reported.</summary>
    public IReadOnlyList<string> Steps => Invoke(() => _steps.ToArray());

    /// <summary>Marks that were set without an event.</summary>
    public IReadOnlyDictionary<string, ulong> Followed => Invoke(() => new Dictionary<string, ulong>(_followed));

    public SourceState State => Invoke(() => _source!.State);

    /// <summary>Timers that wait, cancelled ones not among them: none when idle.</summary>
    public int Timers => Invoke(() => Loop.TimerCount);

    /// <summary>How often the source told of another state.</summary>
    public int Changes { get; private set; }

    void IMachineEvents.Report(MachineEvent report)
    {
        _steps.Add("reported");
        _reports.Add(report);
    }

    void IMachineEvents.Follow(string mark, ulong place) => _followed[mark] = place;

    public void Reseed(ReadOnlySpan<byte> read) => _steps.Add($"reseeded with {read.Length} bytes");

    public void Start(Func<SourceLoop, IEventSource> make) => Invoke(() =>
    {
        _source = make(this);
        _source.Changed += () => Changes++;
        _source.Start();
    });

    /// <summary>Lets time pass, and the timers that become due run.</summary>
    public void Advance(TimeSpan time)
    {
        Settle();
        _clock.Advance(time);
        Settle();
    }

    /// <summary>Returns when the loop has seen everything that was ready before, and ran the timers due before.</summary>
    public void Settle() => Loop.Settle();

    public void Invoke(Action action) => Invoke(() =>
    {
        action();
        return 0;
    });

    public void Dispose()
    {
        Invoke(() => _source?.Dispose());
        Loop.Stop();
        _thread.Join();
        Loop.Dispose();
    }

    private T Invoke<T>(Func<T> function)
    {
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Loop.Post(() =>
        {
            try
            {
                result.SetResult(function());
            }
            catch (Exception failure)
            {
                result.SetException(failure);
            }
        });
        return result.Task.GetAwaiter().GetResult();
    }
}
