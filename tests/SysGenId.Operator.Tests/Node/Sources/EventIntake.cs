using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using SysGenId.Core.CounterPage;
using SysGenId.Core.Generations;
using SysGenId.Core.Linux;
using SysGenId.Core.Protocol;
using SysGenId.Core.Transport;
using SysGenId.Operator.Node;
using SysGenId.Operator.Node.Generations;
using SysGenId.Operator.Node.Ports;
using SysGenId.Operator.Node.Sidecars;
using SysGenId.Operator.Node.Sources;
using SysGenId.Operator.Node.State;
using SysGenId.Operator.Tests.Node.Generations;
using SysGenId.TestSupport;
using NodeOptions = SysGenId.Operator.Node.NodeOptions;

namespace SysGenId.Operator.Tests.Node.Sources;

/// <summary>What becomes of reports, from intake to sidecars, on a loop of its own and with a clock that the test moves.</summary>
internal sealed class EventIntake : INodeMetrics, IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly FakeTimeProvider _clock = new();
    private readonly EventLoop _loop;
    private readonly Thread _thread;
    private readonly CounterPageWriter _page;
    private readonly StateFile _file;
    private readonly StateWriter _writer;
    private readonly GenerationPublisher _publisher;
    private readonly SidecarDirectory _sidecars;
    private readonly MachineEvents _events;
    private readonly List<IDisposable> _open = [];

    /// <param name="bumpsOnDisruption">The option.</param>
    /// <param name="room">How many bumps there are before a state must be stored.</param>
    public EventIntake(bool bumpsOnDisruption = false, uint room = 1 << 16)
    {
        _loop = new EventLoop(_clock);
        _page = CounterPageWriter.Open(_directory.File("generation"));
        _file = new StateFile(_directory.File("state"));
        _writer = new StateWriter(_file, (state, failure) => _loop.Post(() => _publisher!.Stored(state, failure)));
        var journal = new NodeJournal(this);
        var log = NullLogger.Instance;
        _publisher = new GenerationPublisher(_loop, Changes.Node(0, ceiling: room), _page, _writer, _clock, "boot", Marks, 1 << 20, journal, log);
        _sidecars = new SidecarDirectory(new Delivery(_publisher.Node.Current, null));
        var publications = new Publications(_loop, _sidecars, new NodeSettings(new NodeOptions { NodeName = "node-1" }), journal, log);
        _events = new MachineEvents(
            _loop, new NodeWideBumps(_publisher, _sidecars), _publisher, publications, Marks, new SourceOptions { BumpsOnDisruption = bumpsOnDisruption }, journal, log);
        _thread = new Thread(_loop.Run);
        _thread.Start();
    }

    public SourceMarks Marks { get; } = new(null);

    /// <summary>How long each publication took.</summary>
    public List<TimeSpan> Durations { get; } = [];

    /// <summary>What was counted.</summary>
    public List<(string Source, MachineEventKind Kind)> Counted { get; } = [];

    public uint Generation => _page.Content.Generation;

    public IReadOnlyList<GenerationChange> History => Invoke(() => _publisher.Node.History.ToArray());

    /// <summary>Makes the disk refuse, or take, what is to be stored.</summary>
    public bool IsDiskFull
    {
        set
        {
            if (value) Directory.CreateDirectory(_file.FilePath + ".new");
            else Directory.Delete(_file.FilePath + ".new");
        }
    }

    /// <summary>Lets a source report.</summary>
    public void Report(
        string source, MachineEventKind kind = MachineEventKind.Restored, ulong? mark = null, uint? minimum = null, Action<GenerationChange>? published = null) => Invoke(() => _events.Report(
            new MachineEvent(source, kind, $"{source} says so") { Mark = mark, Minimum = minimum, NoticedAt = _clock.GetTimestamp(), Published = published }));

    /// <summary>A source followed an ordinary line.</summary>
    public void Follow(string source, ulong mark) => Invoke(() => Marks.Set(source, mark));

    /// <summary>A sidecar that has confirmed what there is.</summary>
    public SidecarLink Connect(string pod) => Invoke(() =>
    {
        var path = _directory.File($"{pod}.sock");
        using var listener = UnixSocket.Listen(path, 0x1C0, 1);
        _open.Add(UnixSocket.TryConnect(path, blocking: false, out _)!);
        var connection = new LineConnection(_loop, UnixSocket.TryAccept(listener, out _)!, new Silent());
        _open.Add(connection);
        return _sidecars.Register(new SidecarIdentity(SidecarIdentity.PodKey(pod), pod, pod, null), connection, 0, _publisher.Node.Current.Id);
    });

    /// <summary>A sidecar shows the newest change on its page.</summary>
    public void Confirm(SidecarLink sidecar) =>
        Invoke(() => _sidecars.Report(sidecar, new Message { Op = Operation.Published, Id = _publisher.Node.Current.Id, Generation = _publisher.Node.Current.Generation }));

    /// <summary>A sidecar goes.</summary>
    public void Remove(SidecarLink sidecar) => Invoke(() => _sidecars.Remove(sidecar));

    /// <summary>Lets time pass, and the timers that become due run.</summary>
    public void Advance(TimeSpan time)
    {
        _loop.Settle();
        _clock.Advance(time);
        _loop.Settle();
    }

    public void Dispose()
    {
        Invoke(() => _open.ForEach(open => open.Dispose()));
        _loop.Stop();
        _thread.Join();
        _writer.Dispose();
        _page.Dispose();
        _loop.Dispose();
        _directory.Dispose();
    }

    void INodeMetrics.Bumped(GenerationCause cause)
    {
    }

    void INodeMetrics.Restored(RestoreOutcome outcome, TimeSpan elapsed)
    {
    }

    void INodeMetrics.Reported(string source, MachineEventKind kind) => Counted.Add((source, kind));

    void INodeMetrics.MachineEventPublished(TimeSpan elapsed) => Durations.Add(elapsed);

    void INodeMetrics.Checkpointed(bool isRecorded)
    {
    }

    private void Invoke(Action action) => Invoke(() =>
    {
        action();
        return 0;
    });

    private T Invoke<T>(Func<T> function)
    {
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _loop.Post(() =>
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

    private sealed class Silent : ILineHandler
    {
        public void OnLine(LineConnection connection, ReadOnlySpan<byte> line)
        {
        }

        public void OnFault(LineConnection connection, LineFault fault)
        {
        }

        public void OnClosed(LineConnection connection)
        {
        }
    }
}
