using System.Text;
using SysGenId.Core.Linux;

namespace SysGenId.Cli.Output;

/// <summary>
/// Standard output or error. Unlike the runtime's console it reports that its reader is gone, so that
/// <c>sysgenid watch | head -1</c> ends, and costs nothing at start.
/// </summary>
internal sealed class DescriptorWriter(int number) : TextWriter
{
    private const int FlushAt = 8 * 1024;

    private readonly Descriptor _descriptor = new(number);
    private readonly StringBuilder _text = new();

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value)
    {
        _text.Append(value);
        if (_text.Length >= FlushAt && !char.IsHighSurrogate(value)) Flush();
    }

    public override void Write(string? value) => _text.Append(value);

    /// <summary>Hands over what was written so far.</summary>
    /// <exception cref="LinuxException">The other side does not take it (EPIPE: it is gone).</exception>
    public override void Flush()
    {
        if (_text.Length == 0) return;
        var bytes = Encoding.UTF8.GetBytes(_text.ToString());
        _text.Clear();
        Files.Write(_descriptor, bytes);
    }

    protected override void Dispose(bool disposing)
    {
        // The descriptor is the process's own and stays open to its end.
        _descriptor.SetHandleAsInvalid();
        base.Dispose(disposing);
    }
}
