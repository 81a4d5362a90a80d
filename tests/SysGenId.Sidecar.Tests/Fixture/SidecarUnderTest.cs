using System.Net.Sockets;
using SysGenId.Core;
using SysGenId.Core.CounterPage;
using SysGenId.Core.Protocol;
using SysGenId.Sidecar.Logging;
using SysGenId.TestSupport;

namespace SysGenId.Sidecar.Tests.Fixture;

/// <summary>A sidecar on a thread of its own, in a directory of its own, with a fake agent.</summary>
internal sealed class SidecarUnderTest : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly Func<SidecarOptions, SidecarOptions> _adjust;
    private PodService? _service;
    private Thread? _thread;
    private Exception? _fault;

    private SidecarUnderTest(Func<SidecarOptions, SidecarOptions>? adjust)
    {
        _adjust = adjust ?? (options => options);
        Agent = new FakeAgent(AgentPath);
    }

    public MovableClock Clock { get; } = new();

    public FakeAgent Agent { get; private set; }

    /// <summary>The agent's end of the connection, in the tests that begin with one.</summary>
    public AgentSide Link { get; private set; } = null!;

    public string Directory => _directory.File("pod");

    public string AgentPath => _directory.File("agent.sock");

    public string PagePath => Path.Combine(Directory, SystemPaths.PageName);

    public string WatchPath => Path.Combine(Directory, SystemPaths.WatchSocketName);

    public string ControlPath => Path.Combine(Directory, SystemPaths.ControlSocketName);

    /// <summary>A sidecar that has taken a node's generation and serves it.</summary>
    public static SidecarUnderTest At(uint generation, Func<SidecarOptions, SidecarOptions>? adjust = null)
    {
        var sidecar = Started(adjust);
        sidecar.Link = sidecar.Agent.AcceptRegistered();
        sidecar.Link.Deliver(generation);
        return sidecar;
    }

    /// <summary>A sidecar whose registration nobody has answered.</summary>
    public static SidecarUnderTest Started(Func<SidecarOptions, SidecarOptions>? adjust = null)
    {
        var sidecar = new SidecarUnderTest(adjust);
        sidecar.Start();
        return sidecar;
    }

    public void Start()
    {
        var options = _adjust(new SidecarOptions
        {
            Directory = Directory,
            AgentSocket = AgentPath,
            LogLevel = LogLevel.Error,
            FirstPause = TimeSpan.FromMilliseconds(5),
            LongestPause = TimeSpan.FromMilliseconds(20),
        });
        var service = _service = new PodService(options, Clock);
        _thread = new Thread(() => Run(service));
        _thread.Start();
    }

    /// <summary>Ends it as SIGTERM does.</summary>
    public void Stop()
    {
        _service?.Stop();
        _thread?.Join();
        _service?.Dispose();
        _service = null;
        if (_fault is not null) throw new InvalidOperationException("the sidecar ended with a fault", _fault);
    }

    /// <summary>Ends the agent as a crash does, and starts another that waits for registrations.</summary>
    public void RestartAgent()
    {
        Agent.Dispose();
        Link?.Dispose();
        Agent = new FakeAgent(AgentPath);
    }

    public WatchClient Watch() => new(WatchPath);

    public LineClient Control() => new(ControlPath);

    /// <summary>What the page says now, read as a client reads it.</summary>
    public PageContent Page()
    {
        using var page = CounterPageReader.Open(PagePath);
        return page.Read();
    }

    public bool HasFlag(PageFlags flag) => Page().Flags.HasFlag(flag);

    /// <summary>Waits until the pod's counts are these.</summary>
    public Task CountsAsync(int watchers, int outdated) =>
        Eventually.HoldsAsync(() => Page() is var page && page.Watchers == watchers && page.Outdated == outdated);

    /// <summary>Moves time, and wakes the sidecar so that it notices.</summary>
    public void Advance(TimeSpan time)
    {
        Clock.Advance(time);
        using var control = Control();
        control.Request(Operation.Get);
        control.Request(Operation.Get);
    }

    /// <summary>Waits until the sockets accept again.</summary>
    public Task ServesAsync() => Eventually.HoldsAsync(() =>
    {
        try
        {
            using var control = Control();
            return control.Request(Operation.Get).Ok == true;
        }
        catch (Exception fault) when (fault is SocketException or EndOfStreamException)
        {
            return false;
        }
    });

    public void Dispose()
    {
        Stop();
        Link?.Dispose();
        Agent.Dispose();
        _directory.Dispose();
    }

    private void Run(PodService service)
    {
        try
        {
            service.Run();
        }
        catch (Exception fault)
        {
            _fault = fault;
        }
    }
}
