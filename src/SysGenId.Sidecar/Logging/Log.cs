using System.Runtime.CompilerServices;
using SysGenId.Core.Linux;

namespace SysGenId.Sidecar.Logging;

/// <summary>
/// One line per event on standard error: <c>level=info event=NAME key=value ...</c>. It allocates nothing, and a line
/// that would have to wait for its reader is dropped. One thread only.
/// </summary>
internal sealed class Log(LogLevel maximum, int stream = StandardStream.Error)
{
    private static readonly string[] _names = ["error", "warning", "info", "debug"];

    internal byte[] Buffer { get; } = new byte[1024];

    /// <summary>The level of that name.</summary>
    public static bool TryParse(string name, out LogLevel level)
    {
        var index = Array.IndexOf(_names, name);
        level = (LogLevel)Math.Max(index, 0);
        return index >= 0;
    }

    /// <summary>Writes a line. It begins with the event's name; strings in it are quoted where they need it.</summary>
    public void Write(LogLevel level, [InterpolatedStringHandlerArgument("", "level")] ref LogLine line)
    {
        if (IsEnabled(level)) StandardStream.TryWrite(stream, line.End());
    }

    internal bool IsEnabled(LogLevel level) => level <= maximum;

    internal static string Name(LogLevel level) => _names[(int)level];
}
