namespace SysGenId.Core.Generations;

/// <summary>The stable names of causes, as they stand in messages, logs and status.</summary>
internal static class GenerationCauses
{
    private static readonly string[] _names =
        ["None", "ContainerRestored", "VirtualMachineRestored", "Forced", "MinimumRaised", "AgentStateLost"];

    /// <summary>The stable name; a number this version does not know becomes <c>Unknown</c>.</summary>
    public static string Name(this GenerationCause cause) => (uint)cause < _names.Length ? _names[(int)cause] : "Unknown";

    /// <summary>The cause of that name; false and <see cref="GenerationCause.Unknown"/> when this version knows none of it.</summary>
    public static bool TryParse(string? name, out GenerationCause cause)
    {
        var index = Array.IndexOf(_names, name);
        cause = index >= 0 ? (GenerationCause)index : GenerationCause.Unknown;
        return index >= 0 || name == nameof(GenerationCause.Unknown);
    }
}
