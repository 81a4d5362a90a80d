using System.Runtime.CompilerServices;

namespace SysGenId.Sidecar.Logging;

/// <summary>A line in the log's buffer. What does not fit is cut off.</summary>
[InterpolatedStringHandler]
internal ref struct LogLine
{
    private TextBuffer _text;

#pragma warning disable IDE0060 // The compiler passes both lengths.
    public LogLine(int literalLength, int formattedCount, Log log, LogLevel level, out bool isEnabled)
#pragma warning restore IDE0060
    {
        isEnabled = log.IsEnabled(level);
        if (!isEnabled) return;
        _text = new TextBuffer(log.Buffer);
        _text.Append("level=");
        _text.Append(Log.Name(level));
        _text.Append(" event=");
    }

    public void AppendLiteral(string text) => _text.Append(text);

    public void AppendFormatted(string? text) => _text.AppendQuoted(text);

    public void AppendFormatted(long number) => _text.Append(number);

    public void AppendFormatted(Guid id) => _text.Append(id);

    public void AppendFormatted(bool value) => _text.Append(value ? "true" : "false");

    internal ReadOnlySpan<byte> End() => _text.EndLine();
}
