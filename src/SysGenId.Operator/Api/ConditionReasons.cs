namespace SysGenId.Operator.Api;

/// <summary>Stable reasons of conditions, by condition type.</summary>
internal static class ConditionReasons
{
    // AgentReady, True.
    public const string PodReady = "PodReady";

    // AgentReady, False.
    public const string PodNotReady = "PodNotReady";
    public const string PodMissing = "PodMissing";
    public const string DaemonSetMissing = "DaemonSetMissing";

    // AgentReady, Unknown: so that the time of that transition is the time since when the node has been gone.
    public const string NodeGone = "NodeGone";
}
