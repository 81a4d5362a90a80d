using SysGenId.Core;
using SysGenId.Operator.Control.Admission.Injection;

namespace SysGenId.Operator.Control.Admission;

/// <summary>How pods of this cluster are injected. Valid once <see cref="Faults"/> finds nothing.</summary>
internal sealed record InjectionSettings
{
    /// <summary>Namespaces the cluster depends on: nothing in them waits for us, whatever it asks for.</summary>
    private static readonly string[] _system = ["kube-system", "kube-public", "kube-node-lease"];

    private static readonly string[] _pullPolicies = ["Always", "IfNotPresent", "Never"];

    /// <summary>Where SysGenId itself runs: an agent that needed a sidecar to start would never start.</summary>
    public required string Namespace { get; init; }

    /// <summary>The sidecar's image, unless a pod names another.</summary>
    public required string SidecarImage { get; init; }

    /// <summary><c>Always</c>, <c>IfNotPresent</c> or <c>Never</c>; null leaves it to the API server. Default null.</summary>
    public string? PullPolicy { get; init; }

    /// <summary>The sidecar's requests and limits, unless a pod names others.</summary>
    public SidecarResources Resources { get; init; } = new();

    /// <summary>The directory of the agent's socket on every node; an absolute path. Default <c>/run/sysgenid</c>.</summary>
    public string AgentSocketDirectory { get; init; } = Path.GetDirectoryName(SystemPaths.AgentSocket)!;

    /// <summary>Whether pods of a namespace are never injected.</summary>
    public bool Excludes(string name) => name == Namespace || _system.Contains(name);

    /// <summary>All that is wrong, in the words of the command line.</summary>
    public IEnumerable<string> Faults()
    {
        if (string.IsNullOrEmpty(Namespace)) yield return "--namespace must be given.";
        if (!ImageReference.IsValid(SidecarImage)) yield return $"--sidecar-image must be the name of an image, not \"{SidecarImage}\".";
        if (PullPolicy is { } policy && !_pullPolicies.Contains(policy)) yield return $"--pull-policy must be {string.Join(", ", _pullPolicies)}, not \"{policy}\".";
        if (AgentSocketDirectory is not ['/', _, ..] || AgentSocketDirectory.Contains("..", StringComparison.Ordinal))
            yield return $"--agent-socket-directory must be an absolute path without \"..\", not \"{AgentSocketDirectory}\".";
        foreach (var fault in Resources.Faults(ResourceNames.OfOptions)) yield return $"{fault}.";
    }
}
