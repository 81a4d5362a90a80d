using SysGenId.Operator.Control;

namespace SysGenId.Operator.Tests.Observability;

/// <summary>A controller that stands where a test puts it.</summary>
internal sealed class FakeControllerGauges : IControllerGauges
{
    public ControllerGauges Gauges { get; set; } = new()
    {
        IsLeader = true,
        NodesReady = 5,
        NodesNotReady = 1,
        NodesUnknown = 2,
        Watchers = 5_000_000_000,
        OutdatedWatchers = 4,
        CertificateExpiry = DateTimeOffset.UnixEpoch.AddSeconds(1_900_000_000),
    };

    public ControllerGauges Read() => Gauges;
}
