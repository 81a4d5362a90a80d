using SysGenId.Core.Protocol;
using SysGenId.Core.Transport;

namespace SysGenId.Operator.Node.Sidecars;

/// <summary>One registered sidecar: what it was sent, what it confirmed, what it counts. Loop thread only.</summary>
internal sealed class SidecarLink(SidecarIdentity identity, LineConnection connection, uint generation, Guid confirmed)
{
    public SidecarIdentity Identity { get; } = identity;

    /// <summary>What its page says, as it told last.</summary>
    public uint Generation { get; private set; } = generation;

    /// <summary>The change it confirmed last.</summary>
    public Guid Confirmed { get; private set; } = confirmed;

    /// <summary>The change it has to confirm.</summary>
    public Delivery? Target { get; private set; }

    /// <summary>Why it could not publish its target; null when it could or has not answered.</summary>
    public string? Failure { get; private set; }

    public int Watchers { get; private set; }

    /// <summary>Outdated watchers; all of them while the target is not confirmed.</summary>
    public int Outdated => IsConfirmed ? _outdated : Math.Max(Watchers, 1);

    /// <summary>Whether it was asked to close its sockets. Only then may it show us processes.</summary>
    public bool IsQuiesced
    {
        get => connection.TakesDescriptors;
        set => connection.TakesDescriptors = value;
    }

    public bool IsConfirmed => Target is null || (Target.Change.Id == Confirmed && Failure is null);

    private int _outdated;

    /// <summary>Sends a change unless it is confirmed already; the line is shared by all that get the same.</summary>
    public void Deliver(Delivery delivery, byte[] line)
    {
        Target = delivery;
        Failure = null;
        if (Confirmed != delivery.Change.Id) connection.Send(line);
    }

    /// <summary>Sends anything else.</summary>
    public void Send(Message message) => connection.Send(MessageWriter.ToLine(message));

    /// <summary>Takes in what it reported: <c>published</c> or <c>stats</c>.</summary>
    public void Report(Message report)
    {
        Generation = report.Generation ?? Generation;
        Watchers = Believable(report.Watchers) ?? Watchers;
        _outdated = Believable(report.Outdated) ?? _outdated;
        if (report.Op != Operation.Published || report.Id is not { } id) return;
        Confirmed = id;
        if (id == Target?.Change.Id) Failure = report.Error;
    }

    /// <summary>A count as far as it can be true: it comes from a pod, and is summed with those of others.</summary>
    public static int? Believable(int? count) => count is { } value ? Math.Min(value, ProtocolLimits.MaximumReportedWatchers) : null;

    public void Close() => connection.Dispose();
}
