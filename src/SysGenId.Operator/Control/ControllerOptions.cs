using SysGenId.Operator.Control.Certificates;
using SysGenId.Operator.Control.Leadership;
using SysGenId.Operator.Control.Objects;

namespace SysGenId.Operator.Control;

/// <summary>What a controller is started with. Immutable; check <see cref="Faults"/> before use.</summary>
internal sealed record ControllerOptions
{
    /// <summary>The port of the admission webhook, on all addresses: 1 to 65535.</summary>
    public int WebhookPort { get; init; } = 8443;

    /// <summary>How long the webhook goes on after SIGTERM: API servers hear late that this replica is gone. 0 s to 60 s.</summary>
    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(5);

    public LeadershipOptions Leadership { get; init; } = new();

    public CertificateOptions Certificates { get; init; } = new();

    public ObjectsOptions Objects { get; init; } = new();

    /// <summary>Everything that is wrong, each a sentence; empty when the options can be used.</summary>
    public IReadOnlyList<string> Faults()
    {
        var faults = new List<string>();
        if (Leadership.Namespace.Length == 0) faults.Add("--namespace must not be empty.");
        if (WebhookPort is < 1 or > 65535) faults.Add("--webhook-port must be from 1 to 65535.");
        if (Drain < TimeSpan.Zero || Drain > TimeSpan.FromSeconds(60)) faults.Add("--drain must be from 0s to 60s.");
        faults.AddRange(Leadership.Faults());
        faults.AddRange(Certificates.Faults());
        faults.AddRange(Objects.Faults());
        return faults;
    }
}
