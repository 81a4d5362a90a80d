using SysGenId.Core.Protocol;
using SysGenId.Core.Transport;
using SysGenId.Operator.Node.Generations;
using SysGenId.Operator.Node.Peers;

namespace SysGenId.Operator.Node.Sidecars;

/// <summary>
/// All registered sidecars, and for each pod the change it must see: one latest-value slot, so that a sidecar that
/// was away gets the newest and nothing else. Loop thread only.
/// </summary>
internal sealed class SidecarDirectory
{
    // Changes meant for one pod alone are remembered for so many pods whose sidecar is away.
    private const int MaximumAway = 4096;

    private readonly Dictionary<string, SidecarLink> _links = [];
    private readonly Dictionary<string, Delivery> _own = [];
    private Delivery _nodeWide;

    public SidecarDirectory(Delivery current) => _nodeWide = current;

    /// <summary>Raised after a sidecar came, went or reported.</summary>
    public event Action? Changed;

    public IReadOnlyCollection<SidecarLink> Links => _links.Values;

    /// <summary>Rises whenever a sidecar comes or goes.</summary>
    public int Version { get; private set; }

    /// <summary>Told to every sidecar with each change (S27).</summary>
    public bool IsGateProven { get; private set; }

    public int Watchers => Total(link => link.Watchers);

    public int Outdated => Total(link => link.Outdated);

    /// <summary>Takes a sidecar in, in place of an earlier one for the same pod, and sends it what it has not seen.</summary>
    public SidecarLink Register(SidecarIdentity identity, LineConnection connection, uint generation, Guid confirmed)
    {
        if (_links.Remove(identity.Key, out var predecessor)) predecessor.Close();
        Version++;
        var link = new SidecarLink(identity, connection, generation, confirmed);
        _links[identity.Key] = link;
        connection.Send(MessageWriter.ToLine(Message.Success));
        link.Send(GateMessage());
        var target = TargetOf(link);
        link.Deliver(target, target.ToLine(IsGateProven));
        Changed?.Invoke();
        return link;
    }

    /// <summary>A sidecar's connection ended.</summary>
    public void Remove(SidecarLink link)
    {
        if (_links.TryGetValue(link.Identity.Key, out var present) && present == link) _links.Remove(link.Identity.Key);
        Version++;
        Changed?.Invoke();
    }

    /// <summary>A sidecar reported.</summary>
    public void Report(SidecarLink link, Message report)
    {
        link.Report(report);
        Changed?.Invoke();
    }

    /// <summary>
    /// Sends a change to everybody, to those that are waited for first.
    /// </summary>
    /// <param name="change">The change.</param>
    /// <param name="first">Who is waited for; may be empty.</param>
    /// <param name="minimum">What these alone must reach (S28).</param>
    public void DeliverToAll(GenerationChange change, IReadOnlyCollection<SidecarLink> first, uint? minimum)
    {
        _nodeWide = new Delivery(change, null);
        SkipAllTo(change);
        foreach (var link in first) KeepFor(link.Identity.Key, new Delivery(change, minimum));
        var line = _nodeWide.ToLine(IsGateProven);
        foreach (var link in first) Deliver(link, line);
        foreach (var link in _links.Values)
        {
            if (first.Count == 0 || !first.Contains(link)) Deliver(link, line);
        }
    }

    /// <summary>Sends a change to some pods only (S26); the others skip to it at the next one for everybody.</summary>
    public void DeliverTo(IReadOnlyCollection<SidecarLink> links, Delivery delivery)
    {
        foreach (var link in links)
        {
            KeepFor(link.Identity.Key, delivery);
            var target = TargetOf(link);
            link.Deliver(target, target.ToLine(IsGateProven));
        }
    }

    /// <summary>Keeps a change for a pod whose sidecar is away.</summary>
    public void Keep(string podUid, Delivery delivery) => KeepFor(SidecarIdentity.PodKey(podUid), delivery);

    /// <summary>The sidecars of a pod; none outside pods.</summary>
    public SidecarLink[] OfPod(string? podUid) =>
        podUid is null ? [] : [.. _links.Values.Where(link => link.Identity.PodUid == podUid)];

    /// <summary>The sidecars that serve a container. Where it is, is asked only of a container whose mounts do not tell.</summary>
    public SidecarLink[] Serving(Func<ContainerLocation> container, ContainerMounts mounts) =>
        [.. _links.Values.Where(link => link.Identity.Serves(container, mounts))];

    /// <summary>Tells every page whether the gate works.</summary>
    public void SetGate(bool isProven)
    {
        if (IsGateProven == isProven) return;
        IsGateProven = isProven;
        foreach (var link in _links.Values) link.Send(GateMessage());
    }

    private void Deliver(SidecarLink link, byte[] line)
    {
        var target = TargetOf(link);
        link.Deliver(target, target.Minimum is null ? line : target.ToLine(IsGateProven));
    }

    private Delivery TargetOf(SidecarLink link) => _own.GetValueOrDefault(link.Identity.Key, _nodeWide);

    // What a pod must reach outlives the change it came with: its sidecar may not have seen that one (S21).
    private void SkipAllTo(GenerationChange change)
    {
        foreach (var (key, own) in _own)
        {
            if (own.Minimum is null) _own.Remove(key);
            else _own[key] = own with { Change = change };
        }
    }

    // Counts come from pods, and a pod may say what it likes: no sum may wrap, and none may end the agent.
    private int Total(Func<SidecarLink, int> count) => (int)Math.Min(int.MaxValue, _links.Values.Sum(link => (long)count(link)));

    private void KeepFor(string key, Delivery delivery)
    {
        if (_own.TryGetValue(key, out var earlier) && earlier.Minimum > (delivery.Minimum ?? 0)) delivery = delivery with { Minimum = earlier.Minimum };
        if (_own.Count >= MaximumAway && _own.Keys.FirstOrDefault(pod => !_links.ContainsKey(pod)) is { } away) _own.Remove(away);
        _own[key] = delivery;
    }

    private Message GateMessage() => new() { Op = Operation.Gate, GateProven = IsGateProven };
}
