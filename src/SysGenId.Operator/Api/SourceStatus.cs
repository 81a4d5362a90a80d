namespace SysGenId.Operator.Api;

/// <summary>One source of events on a node.</summary>
internal sealed class SourceStatus
{
    /// <summary>Its stable name.</summary>
    public string Name { get; set; } = "";

    /// <summary>Whether its events are noticed.</summary>
    public bool Active { get; set; }

    /// <summary>Why it is not active, or what it does.</summary>
    public string? Message { get; set; }
}
