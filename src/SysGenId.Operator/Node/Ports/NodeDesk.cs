using Microsoft.Extensions.Logging;
using SysGenId.Core;
using SysGenId.Core.Generations;
using SysGenId.Core.Linux;
using SysGenId.Core.Transport;
using SysGenId.Operator.Node.Gate;
using SysGenId.Operator.Node.Generations;
using SysGenId.Operator.Node.Sidecars;
using SysGenId.Operator.Node.Sources;

namespace SysGenId.Operator.Node.Ports;

/// <summary>The agent's side of a <see cref="NodePort"/>. Loop thread only.</summary>
internal sealed class NodeDesk
{
    private const uint PolicyMode = 0x1A4; // 0644

    // Who is told works on another thread, which must not take a processor from the sidecars a restore waits for.
    private static readonly TimeSpan _tellAfter = TimeSpan.FromMilliseconds(20);

    private readonly EventLoop _loop;
    private readonly GenerationPublisher _publisher;
    private readonly NodeWideBumps _bumps;
    private readonly SidecarDirectory _sidecars;
    private readonly GateKeeper _gate;
    private readonly EventSources _sources;
    private readonly NodeSettings _settings;
    private readonly NodeJournal _journal;
    private readonly NodeOptions _options;
    private readonly ILogger _log;
    private readonly Action _tell;
    private LoopTimer? _telling;

    public NodeDesk(
        EventLoop loop, NodePort port, GenerationPublisher publisher, NodeWideBumps bumps, SidecarDirectory sidecars, GateKeeper gate, EventSources sources,
        NodeSettings settings, NodeJournal journal, NodeOptions options, ILogger log)
    {
        (_loop, _publisher, _bumps, _sidecars, _gate, _sources) = (loop, publisher, bumps, sidecars, gate, sources);
        (_settings, _journal, _options, _log) = (settings, journal, options, log);
        _tell = port.RaiseChanged;
        sidecars.Changed += Note;
        sources.Changed += Note;
        publisher.Bumped += Note;
        publisher.StateFaultChanged += Note;
        journal.Noted += Note;
    }

    /// <summary>How the node is now.</summary>
    public NodeSnapshot Look() => new()
    {
        Current = _publisher.Node.Current,
        Gate = _gate.Status,
        Sources = _sources.Look(),
        IsGateSettled = _gate.IsSettled,
        StateFault = _publisher.StateFault,
        IsStateStored = _publisher.IsStateStored,
        Watchers = _sidecars.Watchers,
        Outdated = _sidecars.Outdated,
        Pods = [.. _sidecars.Links.Select(link => new PodCounts(link.Identity.PodUid, link.Identity.Name, link.Watchers, link.Outdated))],
    };

    /// <summary>The same with what happened since the last report. What changes from here on is told again.</summary>
    public NodeReport Report()
    {
        _telling?.Cancel();
        _telling = null;
        return new NodeReport(Look(), _journal.Take(_publisher.Node));
    }

    /// <summary>Does what is asked.</summary>
    /// <returns>A sentence on what could not be done; null when all is done.</returns>
    public string? Apply(NodeSpec spec)
    {
        _gate.Order(spec.IsUninstallRequested ? HookOrder.Remove : _options.InstallHook ? HookOrder.Install : HookOrder.Leave);
        var fault = ApplySettings(spec);
        return spec.MinimumGeneration > _publisher.Node.Current.Generation
            ? Raise(GenerationCause.MinimumRaised, spec.MinimumGeneration.Value, null) ?? fault
            : fault;
    }

    /// <summary>Goes above what the node had reached before its state was lost, as somebody else remembers (S02).</summary>
    /// <returns>A sentence when it could not; null when it did, or need not.</returns>
    public string? GoAbove(uint known, Guid? name)
    {
        var current = _publisher.Node.Current;
        var isBehind = known > current.Generation || (known == current.Generation && known > 0 && name is { } other && other != current.Id);
        if (!isBehind) return null;
        _log.StateBehind(current.Generation, known);
        return Raise(GenerationCause.AgentStateLost, Math.Max(known, known + 1), $"The node's state was lost; its object says that it had reached {known}");
    }

    /// <summary>Whether this node gave that name to one of its generations, as far as it remembers (S24).</summary>
    public bool Knows(Guid name) => _publisher.Node.Current.Id == name || _publisher.Node.History.Any(line => line.Id == name);

    /// <summary>Goes above what another lineage of this node has reached, unless it is above that (S02).</summary>
    /// <returns>A sentence when it could not; null when it did, or need not.</returns>
    public string? GoPast(uint reached) => reached < _publisher.Node.Current.Generation
        ? null
        : Raise(GenerationCause.AgentStateLost, Math.Max(reached, reached + 1), $"Another lineage of this node has reached {reached}");

    /// <summary>Leaves what the hook must know while no agent runs.</summary>
    /// <exception cref="LinuxException">It could not be written.</exception>
    public static void WritePolicy(NodeOptions options, NodeSettings settings) =>
        Files.Replace(SystemPaths.Beside(options.Socket, SystemPaths.PolicyName), settings.Policy.ToJson(), PolicyMode);

    private string? ApplySettings(NodeSpec spec)
    {
        if (!_settings.Apply(spec)) return null;
        _log.SettingsChanged(_settings.RestoreScope, _settings.RestoreFailurePolicy.ToString(), (long)_settings.PublishTimeout.TotalMilliseconds);
        try
        {
            WritePolicy(_options, _settings);
            return null;
        }
        catch (LinuxException failure)
        {
            return $"the hook cannot be told for the time when the agent is away: {failure.Message}";
        }
    }

    private string? Raise(GenerationCause cause, uint minimum, string? message)
    {
        var draft = _publisher.Draft(cause) with { Minimum = minimum, Message = message };
        return _bumps.TryBump(draft, out var failure) is null ? failure!.Text : null;
    }

    // Once, until a report is taken.
    private void Note() => _telling ??= _loop.After(_tellAfter, _tell);
}
