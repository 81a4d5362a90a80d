using System.Buffers.Text;
using System.Text;

namespace SysGenId.Sidecar.Logging;

/// <summary>UTF-8 text in a buffer of fixed length, without allocating. What does not fit is cut off.</summary>
internal ref struct TextBuffer(Span<byte> buffer)
{
    private readonly Span<byte> _buffer = buffer;
    private int _length;

    // The last byte is kept for the newline.
    private readonly Span<byte> Rest => _buffer[_length..^1];

    public void Append(ReadOnlySpan<char> text)
    {
        foreach (var letter in text) Append(letter);
    }

    public void Append(long number)
    {
        if (Utf8Formatter.TryFormat(number, Rest, out var count)) _length += count;
    }

    public void Append(Guid id)
    {
        if (Utf8Formatter.TryFormat(id, Rest, out var count)) _length += count;
    }

    /// <summary>A value that may come from a stranger: one word, or in quotes; never a second line.</summary>
    public void AppendQuoted(ReadOnlySpan<char> text)
    {
        if (text.Length > 0 && text.IndexOfAnyExceptInRange('!', '~') < 0 && !text.ContainsAny('"', '\\', '='))
        {
            Append(text);
            return;
        }

        Append('"');
        foreach (var letter in text)
        {
            if (letter is '"' or '\\') Append('\\');
            Append(char.IsControl(letter) ? '?' : letter);
        }

        Append('"');
    }

    /// <summary>The text, with its newline.</summary>
    public ReadOnlySpan<byte> EndLine()
    {
        _buffer[_length++] = (byte)'\n';
        return _buffer[.._length];
    }

    private void Append(char letter)
    {
        if (Rune.TryCreate(letter, out var rune) && rune.TryEncodeToUtf8(Rest, out var count)) _length += count;
    }
}
