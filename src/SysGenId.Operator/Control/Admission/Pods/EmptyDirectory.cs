namespace SysGenId.Operator.Control.Admission.Pods;

/// <summary>A volume of the pod's own.</summary>
internal sealed record EmptyDirectory
{
    /// <summary><c>Memory</c> for a tmpfs.</summary>
    public string? Medium { get; init; }
}
