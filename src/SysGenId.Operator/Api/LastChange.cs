namespace SysGenId.Operator.Api;

/// <summary>Why a node's generation moved last.</summary>
internal sealed class LastChange
{
    /// <summary>A stable code: <c>ContainerRestored</c>, <c>VirtualMachineRestored</c>, <c>Forced</c>, <c>MinimumRaised</c>, <c>AgentStateLost</c>.</summary>
    public string? Cause { get; set; }

    /// <summary>When.</summary>
    public DateTime? Time { get; set; }

    /// <summary>The namespace of the restored pod.</summary>
    public string? Namespace { get; set; }

    /// <summary>The restored pod's name, or its UID while the name is not known.</summary>
    public string? Pod { get; set; }

    /// <summary>The restored container's id.</summary>
    public string? Container { get; set; }
}
