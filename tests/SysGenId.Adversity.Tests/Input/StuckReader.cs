using SysGenId.Adversity.Tests.Harness;

namespace SysGenId.Adversity.Tests.Input;

/// <summary>Somebody who was to read a program's output and does not: a pipe that is open and fills up.</summary>
internal static class StuckReader
{
    private const string WriteIntoPipe = """
        mkfifo "$0"
        exec 3<>"$0" >&3 2>&3
        exec "$@"
        """;

    /// <summary>What a program is started through.</summary>
    public static IReadOnlyList<string> Of(NodeOnTrial node) => ["sh", "-ec", WriteIntoPipe, node.UniquePath("pipe")];
}
