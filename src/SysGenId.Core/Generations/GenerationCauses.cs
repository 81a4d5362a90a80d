namespace SysGenId.Core.Generations;

/// <summary>The stable names of causes, as they stand in messages, logs and status.</summary>
internal static class GenerationCauses
{
    private static readonly string[] _names =
        ["None", "ContainerRestored", "VirtualMachineRestored", "Forced", "MinimumRaised", "AgentStateLost"];

    /// <summary>The stable name; a number this version does not know becomes <c>Unknown</c>.</summary>
    public static string Name(this GenerationCause cause) => (uint)cause < _names.Length ? _names[(int)cause] : "Unknown";

    /// <summary>The cause of that name.</summary>
    public static bool TryParse(string? name, out GenerationCause cause)
    {
        var index = Array.IndexOf(_names, name);
        cause = (GenerationCause)Math.Max(index, 0);
        return index >= 0;
    }
}
