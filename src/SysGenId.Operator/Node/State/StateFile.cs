using System.Text.Json;
using SysGenId.Core.Linux;
using SysGenId.Operator.Node.Generations;

namespace SysGenId.Operator.Node.State;

/// <summary>The state file: written whole and durably, never deleted. Thread-safe as long as one thread writes.</summary>
internal sealed class StateFile(string directory)
{
    private const int MaximumLength = 1 << 20;
    private const uint FileMode = 0x1A4; // 0644
    private const uint DirectoryMode = 0x1ED; // 0755

    /// <summary>Where it is.</summary>
    public string FilePath { get; } = Path.Join(directory, "state.json");

    /// <summary>
    /// What the file says; null when there is none. A file that cannot be understood is moved aside.
    /// </summary>
    /// <param name="complaint">A sentence on what was wrong with a file that was moved aside, now or by a predecessor.</param>
    public NodeState? Load(out string? complaint)
    {
        complaint = null;
        var bytes = Files.TryReadAll(FilePath, MaximumLength, out var error);
        if (bytes is null && error == Errno.ENOENT)
        {
            // Moved aside by a predecessor that could not store a new one.
            if (Files.TryStatus(Aside(1), out _) is not null) complaint = $"{FilePath} is not there, and {Aside(1)} could not be read.";
            return null;
        }

        var state = bytes is null ? null : Parse(bytes);
        if (state is not null) return state;
        complaint = $"{FilePath} cannot be read ({(bytes is null ? error.ToString() : "not a state of this program")}); {MoveAside()}.";
        return null;
    }

    /// <summary>Stores a state durably.</summary>
    /// <exception cref="LinuxException">It could not be stored; the old one stays.</exception>
    public void Store(NodeState state)
    {
        Files.CreateDirectory(directory, DirectoryMode);
        Files.ReplaceDurably(FilePath, JsonSerializer.SerializeToUtf8Bytes(state, StateJson.Default.NodeState), FileMode);
    }

    private static NodeState? Parse(byte[] bytes)
    {
        try
        {
            // The deserialiser does not see to it that what is not nullable is not null.
            return JsonSerializer.Deserialize(bytes, StateJson.Default.NodeState) is { Current: not null, History: not null, BootId: not null } state
                && state.Current.Generation <= state.Ceiling
                && state.History.All(line => line is not null)
                ? state with { History = [.. state.History.TakeLast(NodeGeneration.HistoryLength)] }
                : null;
        }
        catch (Exception fault) when (fault is JsonException or NotSupportedException)
        {
            return null;
        }
    }

    private string Aside(int number) => $"{FilePath}.unreadable-{number}";

    private string MoveAside()
    {
        for (var number = 1; ; number++)
        {
            var aside = Aside(number);
            if (Files.TryStatus(aside, out _) is not null) continue;
            try
            {
                Files.Rename(FilePath, aside);
                return $"moved to {aside}";
            }
            catch (LinuxException failure)
            {
                return $"it could not be moved aside: {failure.Message}";
            }
        }
    }
}
