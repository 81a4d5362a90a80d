namespace SysGenId.Extensions.Hosting.Health;

/// <summary>Why an application is less than healthy. The words are stable.</summary>
internal static class HealthReason
{
    /// <summary>A handler has failed as often in a row as makes the application unhealthy.</summary>
    public const string HandlersFailing = "handlers-failing";

    /// <summary>A generation has been unhandled for longer than it may.</summary>
    public const string Outdated = "outdated";

    /// <summary>Nothing is mounted, which was asked for.</summary>
    public const string Unavailable = "unavailable";

    /// <summary>There is a page and no socket.</summary>
    public const string PageOnly = "page-only";

    /// <summary>The sidecar does not hear from the node's agent.</summary>
    public const string AgentDisconnected = "agent-disconnected";

    /// <summary>The node's gate is not proven to work (S27).</summary>
    public const string GateUnproven = "gate-unproven";
}
