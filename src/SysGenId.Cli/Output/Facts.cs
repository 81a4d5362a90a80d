namespace SysGenId.Cli.Output;

/// <summary>Lines of a name and what it stands at, below each other.</summary>
internal sealed class Facts
{
    private readonly List<(string Name, string Value)> _lines = [];

    public void Add(string name, string value) => _lines.Add((name, PlainText.Of(value)));

    public void WriteTo(TextWriter writer)
    {
        var width = _lines.Max(line => line.Name.Length);
        foreach (var (name, value) in _lines) writer.WriteLine($"{name.PadRight(width)}  {value}");
    }
}
