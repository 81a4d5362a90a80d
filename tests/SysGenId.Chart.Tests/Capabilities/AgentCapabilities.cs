namespace SysGenId.Chart.Tests.Capabilities;

/// <summary>What the agent's container is given, and nothing beyond.</summary>
internal static class AgentCapabilities
{
    public static IReadOnlyList<string> All { get; } = ["NET_ADMIN", "SETPCAP", "SYS_ADMIN", "SYS_CHROOT", "SYS_PTRACE", "SYS_TIME"];
}
