using Microsoft.Extensions.Logging;
using SysGenId.Core.Linux;
using SysGenId.Core.Protocol;
using SysGenId.Core.Transport;
using SysGenId.Operator.Node.Checkpoints;
using SysGenId.Operator.Node.HookInstallation;

namespace SysGenId.Operator.Node.Gate;

/// <summary>
/// Knows whether this node's CRIU gate works (S27): proves it at the start and after every change of the CRIU
/// configuration or the hook, and says so. Loop thread only; the proof itself runs beside it.
/// </summary>
internal sealed class GateKeeper : IEventHandler, IDisposable
{
    private const uint Changes = ChangeNotification.WrittenAndClosed | ChangeNotification.MovedTo | ChangeNotification.MovedFrom
        | ChangeNotification.Created | ChangeNotification.Deleted | ChangeNotification.AttributesChanged;

    // An editor writes a file in several steps; one proof after the last is enough.
    private static readonly TimeSpan _settling = TimeSpan.FromMilliseconds(300);

    private readonly EventLoop _loop;
    private readonly NodeOptions _options;
    private readonly CriuNamespace _place;
    private readonly ILogger _log;
    private readonly GateWitness _witness = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Action<GateStatus>> _waiting = [];
    private ChangeNotification _notification = new();
    private long _token;
    private LoopTimer? _settled;
    private Task _proof = Task.CompletedTask;
    private volatile string _proved = "";
    private HookOrder _order;
    private HookOrder? _begun;
    private bool _isProving;
    private bool _isStale;

    public GateKeeper(EventLoop loop, NodeOptions options, HookOrder order, ILogger log) =>
        (_loop, _options, _order, _place, _log) = (loop, options, order, CriuNamespace.Of(options.CriuNamespace), log);

    /// <summary>Raised when <see cref="Status"/> is another.</summary>
    public event Action? Changed;

    /// <summary>Whether <see cref="Status"/> is about things as they were ordered last, and not about those before.</summary>
    public bool IsSettled { get; private set; }

    public GateStatus Status { get; private set; } = new(GateReason.NotProvenYet, "not proven yet");

    /// <summary>Proves the gate, and watches for reasons to prove it again.</summary>
    public void Start()
    {
        Watch();
        Prove(_ => { });
    }

    /// <summary>Proves the gate; a proof that runs already is followed by another, since what it proves may have changed.</summary>
    public void Prove(Action<GateStatus> done)
    {
        _waiting.Add(done);
        if (_isProving) _isStale = true;
        else Begin();
    }

    /// <summary>What is to be done about the hook from now on; the gate is proven again when that is something else.</summary>
    public void Order(HookOrder order)
    {
        if (_order == order) return;
        _order = order;
        if (HookUpkeep.Meaning(order, _options) == _begun) return;
        IsSettled = false;
        Prove(_ => { });
    }

    /// <summary>The hook called for a CRIU process of our own.</summary>
    public void Seen(HookCall call)
    {
        _witness.Note(call.Request.Op!);
        call.Reply(Message.Success);
    }

    public void Dispose()
    {
        _stop.Cancel();
        _settled?.Cancel();
        if (_token != 0) _loop.Remove(_notification.Descriptor, _token);
        _notification.Dispose();

        // A proof that is cancelled still takes its processes with it.
        _proof.Wait();
        _stop.Dispose();
    }

    void IEventHandler.OnReady(uint events)
    {
        _notification.Drain();
        _settled?.Cancel();
        _settled = _loop.After(_settling, () =>
        {
            Watch();

            // The directories hold other files too.
            if (Fingerprint() != _proved) Prove(_ => { });
        });
    }

    private string Fingerprint() => string.Join('\n', [.. GateProbe.Inputs(_options).Select(Mark), .. InPlace(() => GateProbe.Programs(_options).Select(Mark).ToArray())]);

    private static string Mark(string path) => $"{path} {Files.TryStatus(path, out _)}";

    // Of a host that cannot be entered there is nothing to see; the proof says so.
    private string[] InPlace(Func<string[]> look)
    {
        try
        {
            return _place.Run(look);
        }
        catch (LinuxException)
        {
            return [];
        }
    }

    // Anew each time: directories that were missing may be there, files may have been replaced.
    private void Watch()
    {
        if (_token != 0) _loop.Remove(_notification.Descriptor, _token);
        _notification.Dispose();
        _notification = new ChangeNotification();
        _token = _loop.Add(_notification.Descriptor, EventPoll.Readable, this);
        Watch(GateProbe.Inputs(_options));

        // A watch is on the directory itself, from whichever mounts it was set: a CRIU that is installed later is noticed.
        InPlace(() =>
        {
            Watch(GateProbe.Programs(_options));
            return [];
        });
    }

    private void Watch(IEnumerable<string> paths)
    {
        foreach (var path in paths.SelectMany(NearestDirectories).Distinct()) _notification.TryWatch(path, Changes);
    }

    // The directory of a path, and while that is missing the nearest one above that is there.
    private static IEnumerable<string> NearestDirectories(string path)
    {
        var directory = Path.GetDirectoryName(path);
        while (directory is not null && !Directory.Exists(directory)) directory = Path.GetDirectoryName(directory);
        if (directory is not null) yield return directory;
    }

    private void Begin()
    {
        (_isProving, _isStale, _proved) = (true, false, Fingerprint());
        var order = HookUpkeep.Meaning(_order, _options);
        _begun = order;
        _proof = Task.Run(async () =>
        {
            var status = await CarryOutAndProveAsync(order).ConfigureAwait(false);
            _loop.Post(() => End(status));
        });
    }

    private async Task<GateStatus> CarryOutAndProveAsync(HookOrder order)
    {
        var upkeep = HookUpkeep.CarryOut(order, _options, _log);
        _proved = Fingerprint();
        if (order == HookOrder.Remove) return upkeep!;
        var status = await GateProbe.RunAsync(_options, _witness, _stop.Token).ConfigureAwait(false);

        // A hook that could not be brought up to date but works is no reason to say that the gate does not.
        return status.IsProven ? status : upkeep ?? status;
    }

    private void End(GateStatus status)
    {
        _isProving = false;
        if (_isStale)
        {
            Begin();
            return;
        }

        if (status != Status)
        {
            (Status, IsSettled) = (status, true);
            if (status.IsProven) _log.GateProven(status.Message);
            else _log.GateNotProven(status.Message);
            Changed?.Invoke();
        }
        else if (!IsSettled)
        {
            IsSettled = true;
            Changed?.Invoke();
        }

        var waiting = _waiting.ToArray();
        _waiting.Clear();
        foreach (var done in waiting) done(status);
    }
}
