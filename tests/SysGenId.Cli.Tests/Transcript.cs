using System.Text;

namespace SysGenId.Cli.Tests;

/// <summary>Output that one thread writes and another reads.</summary>
internal sealed class Transcript : TextWriter
{
    private readonly StringBuilder _text = new();

    public override Encoding Encoding => Encoding.UTF8;

    public string Text
    {
        get
        {
            lock (_text) return _text.ToString();
        }
    }

    public override void Write(char value)
    {
        lock (_text) _text.Append(value);
    }
}
