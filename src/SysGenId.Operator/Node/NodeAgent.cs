using Microsoft.Extensions.Logging;
using SysGenId.Core;
using SysGenId.Core.CounterPage;
using SysGenId.Core.Generations;
using SysGenId.Core.Linux;
using SysGenId.Core.Transport;
using SysGenId.Operator.Node.Checkpoints;
using SysGenId.Operator.Node.Gate;
using SysGenId.Operator.Node.Generations;
using SysGenId.Operator.Node.Peers;
using SysGenId.Operator.Node.Ports;
using SysGenId.Operator.Node.Sessions;
using SysGenId.Operator.Node.Sidecars;
using SysGenId.Operator.Node.Sources;
using SysGenId.Operator.Node.Sources.HostDevice;
using SysGenId.Operator.Node.Sources.KernelLog;
using SysGenId.Operator.Node.Sources.VmClock;
using SysGenId.Operator.Node.State;

namespace SysGenId.Operator.Node;

/// <summary>
/// The node agent: everything below it lives on one event loop, the disk on a thread of its own.
/// <code>
/// kernel log, vmclock, device --> EventSources --> MachineEvents --.
///                                                                 v
/// hook, command line --> AgentServer --> RestoreGate --> GenerationPublisher --> node page
///                                        CheckpointGate          |         \---> StateWriter --> state.json
///                                        NodeCommands            v
///                                                         SidecarDirectory ----> sidecars --> pages, watchers
/// </code>
/// </summary>
internal sealed class NodeAgent
{
    private const string BootIdFile = "/proc/sys/kernel/random/boot_id";

    private readonly NodeOptions _options;
    private readonly NodeSurroundings _surroundings;
    private readonly NodeJournal _journal;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;

    public NodeAgent(NodeOptions options, NodeSurroundings surroundings, TimeProvider clock, ILogger log)
    {
        (_options, _surroundings, _clock, _log) = (options, surroundings, clock, log);
        _journal = new NodeJournal(surroundings.Metrics);
    }

    /// <summary>Serves until cancelled; then stores where it stands and returns.</summary>
    /// <param name="started">Called on the agent's thread once it serves.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="LinuxException">Socket, page or their directory cannot be had.</exception>
    /// <exception cref="CounterPageException">Something else is where the page should be.</exception>
    public void Run(Action started, CancellationToken stop)
    {
        AgentServer.Prepare(_options.Socket);
        using var singleton = AgentLock.Take(_options.Socket);
        using var page = CounterPageWriter.Open(SystemPaths.Beside(_options.Socket, SystemPaths.PageName));
        using var loop = new EventLoop(_clock);

        var file = new StateFile(_options.StateDirectory);
        GenerationPublisher? publisher = null;
        using var writer = new StateWriter(file, (state, failure) => loop.Post(() => publisher!.Stored(state, failure)));
        (publisher, var marks) = Recover(loop, file, page, writer);
        writer.Start();
        publisher.StoreFirst();
        try
        {
            Serve(loop, publisher, marks, file, started, stop);
        }
        finally
        {
            _surroundings.Port.Close();
        }

        publisher.ShowCounts(PageFlags.None, 0, 0);
        publisher.StoreLast();
        _log.Stopped(publisher.Node.Current.Generation);
    }

    private void Serve(EventLoop loop, GenerationPublisher publisher, SourceMarks marks, StateFile file, Action started, CancellationToken stop)
    {
        var settings = new NodeSettings(_options);
        NodeDesk.WritePolicy(_options, settings);
        var sidecars = new SidecarDirectory(new Delivery(publisher.Node.Current, null));
        using var missed = new MissedRestores(SystemPaths.Beside(_options.Socket, SystemPaths.MissedName), publisher, _journal, _log);
        missed.Prepare();
        new PublishedMarks(_options.Socket).Clear();
        if (missed.Book() is { } caughtUp) sidecars.DeliverToAll(caughtUp, [], null);
        missed.Watch(loop, change => sidecars.DeliverToAll(change, [], null));

        using var gate = new GateKeeper(loop, _options, FirstOrder, _log);
        gate.Changed += () =>
        {
            if (gate.Status.IsProven != sidecars.IsGateProven) _journal.GateChanged(gate.Status);
            sidecars.SetGate(gate.Status.IsProven);
        };
        void ShowCounts() => publisher.ShowCounts(
            PageFlags.AgentConnected | (gate.Status.IsProven ? PageFlags.GateProven : 0), sidecars.Watchers, sidecars.Outdated);
        gate.Changed += ShowCounts;
        sidecars.Changed += ShowCounts;

        var ended = new EndedContainers(loop, sidecars);
        var waits = new WatcherWaits(loop, sidecars, publisher);
        var bumps = new NodeWideBumps(publisher, sidecars);
        using var sources = Sources(loop, gate, publisher, new MachineEvents(
            loop, bumps, publisher, new Publications(loop, sidecars, settings, _journal, _log), marks, _options.Sources, _journal, _log), marks);
        var restores = new RestoreGate(loop, sidecars, publisher, ended, settings, _journal, _options.Socket, _log);
        restores.Rehearse();
        var agent = new AgentContext(
            loop,
            sidecars,
            new CheckpointGate(loop, sidecars, ended, settings, _journal, new NodeIdentity(_options.NodeName, _surroundings.PodNames), _log),
            restores,
            new NodeCommands(publisher, bumps, sidecars, waits, gate, sources, settings, _options.NodeName, file),
            gate,
            _log);
        using var server = new AgentServer(agent, new PeerInspector(), _options.Socket);
        using var cancellation = stop.Register(loop.Stop);
        _log.Serving(
            _options.Socket, publisher.Node.Current.Generation, _options.RestoreScope, _options.RestoreFailurePolicy.ToString(), (long)_options.PublishTimeout.TotalMilliseconds);
        ShowCounts();
        var port = _surroundings.Port;
        var desk = new NodeDesk(loop, port, publisher, bumps, sidecars, gate, sources, settings, _journal, _options, _log);
        sources.Start();

        // With the places where sources begin: one that starts again after a kill finds them, and bumps for nothing that it had seen.
        publisher.StoreFirst();
        port.Open(loop, desk);
        started();
        loop.Run();
    }

    private EventSources Sources(EventLoop loop, GateKeeper gate, GenerationPublisher publisher, MachineEvents events, SourceMarks marks)
    {
        var kernel = new KernelReseed(_clock, _log);
        return new EventSources(
            _log,
            new CriuSource(gate),
            new KernelLogSource(loop, _options.Sources, marks, events.Report, _surroundings.KernelLog, GenerationIdDevice.IsThere, publisher.RecordSoon),
            new VmClockSource(loop, events, marks, _options.Sources, kernel.Mix),
            new HostDeviceSource(loop, events, marks, _options.Sources, kernel.Mix));
    }

    private (GenerationPublisher Publisher, SourceMarks Marks) Recover(EventLoop loop, StateFile file, CounterPageWriter page, StateWriter writer)
    {
        var bootId = File.Exists(BootIdFile) ? File.ReadAllText(BootIdFile).Trim() : "";
        var (state, ranBefore) = (file.Load(out var complaint), page.IsPublished);
        var fresh = GenerationChange.Draft(GenerationCause.None, _clock);
        var start = StateRecovery.Decide(state, complaint, page.IsPublished ? page.Content : null, bootId, fresh, _surroundings.KnownElsewhere);
        if (start.Reason is { } reason) _log.StateLost(reason);

        // Until a higher ceiling is stored, the one that is holds. A file that says 'in good order' promises its number
        // and nothing above it: while that cannot be taken back, nothing may be given out.
        var ceiling = state is { IsClean: false } ? state.Ceiling : 0;
        var node = new NodeGeneration(start.Current, Math.Max(ceiling, start.Current.Generation), state?.History ?? []);
        if (start.IsBump)
        {
            node.Remember(start.Current);
            _journal.Bumped(start.Current);
        }

        var marks = new SourceMarks(state?.BootId == bootId ? state.SourceMarks : null, isContinued: ranBefore || state?.BootId == bootId);
        var publisher = new GenerationPublisher(loop, node, page, writer, _clock, bootId, marks, _options.MaximumJump, _journal, _log);
        publisher.ShowCurrent(PageFlags.AgentConnected);
        return (publisher, marks);
    }

    // In a cluster the object says whether the hook is wanted; until it is heard, one that is not there stays away.
    private HookOrder FirstOrder =>
        !_options.InstallHook ? HookOrder.Leave
        : _surroundings.HasCluster ? HookOrder.Update
        : HookOrder.Install;
}
