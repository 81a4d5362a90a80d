using SysGenId.Core.Linux;
using SysGenId.Core.Protocol;
using SysGenId.Core.Transport;
using SysGenId.Operator.Node.Peers;
using SysGenId.Operator.Node.Sidecars;

namespace SysGenId.Operator.Node.Checkpoints;

/// <summary>One checkpoint in progress: which sidecars were asked to close their sockets, and which have.</summary>
internal sealed class CheckpointSession(HookCall call)
{
    // A pod may show what it likes; each process costs the agent some twenty microseconds. Those beyond count as ours.
    private const int MaximumShown = 4 * ProtocolLimits.DefaultMaximumWatchers;

    private readonly Dictionary<string, Message?> _answers = [];
    private readonly Dictionary<string, (int Shown, int Elsewhere)> _peers = [];
    private readonly ContainerProcesses _processes = new(call.InitPid, call.Container);

    public HookCall Call { get; } = call;

    public ProcessExit? Exit { get; set; }

    public LoopTimer? Timeout { get; set; }

    /// <summary>Whether the hook has its answer.</summary>
    public bool IsAnswered { get; set; }

    public bool HasAsked(SidecarLink link) => _answers.ContainsKey(link.Identity.Key);

    public int Sidecars => _answers.Count;

    /// <summary>Whether every sidecar that was asked has closed its sockets.</summary>
    public bool IsQuiet => _answers.Count > 0 && _answers.Values.All(answer => answer is not null);

    public void Ask(SidecarLink link)
    {
        _answers[link.Identity.Key] = null;
        _peers[link.Identity.Key] = default;
        link.IsQuiesced = true;
        link.Send(new Message { Op = Operation.Quiesce, Checkpoint = Call.Criu.ToString(), Container = Call.Instance });
    }

    /// <summary>A sidecar shows whose watchers it disconnected: those of other containers are not this one's.</summary>
    public void Shown(SidecarLink link, IReadOnlyCollection<Descriptor> processes)
    {
        if (!_peers.TryGetValue(link.Identity.Key, out var peers) || peers.Shown + processes.Count > MaximumShown) return;
        _peers[link.Identity.Key] = (peers.Shown + processes.Count, peers.Elsewhere + processes.Count(_processes.IsElsewhere));
    }

    public void Answered(SidecarLink link, Message answer)
    {
        if (HasAsked(link)) _answers[link.Identity.Key] = answer;
    }

    /// <summary>A sidecar that goes away has no open sockets any more; when it comes back it is asked again.</summary>
    public void Forget(SidecarLink link) => _answers.Remove(link.Identity.Key);

    /// <summary>
    /// The record of this checkpoint: the highest generation its pages show, and all their watchers but those that are of
    /// other containers for certain.
    /// </summary>
    public CheckpointRecord Record(NodeIdentity node, long timeNs)
    {
        var newest = _answers.Values.MaxBy(answer => answer?.Generation ?? 0)!;
        var pod = node.PodNames.Find(Call.Container.PodUid);
        return new CheckpointRecord
        {
            Generation = newest.Generation ?? 0,
            Id = newest.Id ?? Guid.Empty,
            Node = node.Name,
            PodUid = Call.Container.PodUid ?? "",
            PodNamespace = pod?.Namespace ?? "",
            PodName = pod?.Name ?? "",
            Container = Call.Container.ContainerId,
            Watchers = (int)Math.Min(int.MaxValue, _answers.Sum(answer => Math.Max(0, (answer.Value?.Watchers ?? 0L) - _peers[answer.Key].Elsewhere))),
            TimeNs = timeNs,
        };
    }
}
