namespace SysGenId.Cli.Output;

/// <summary>Rows whose columns begin below each other. Empty columns at the end of a row leave no blanks.</summary>
internal sealed class Table
{
    private const string Gap = "  ";

    private readonly List<string[]> _rows = [];
    private readonly bool[] _alignedRight;

    /// <param name="titles">The first row; a title that begins with '&gt;' has its column aligned to the right.</param>
    public Table(params string[] titles)
    {
        _alignedRight = [.. titles.Select(title => title.StartsWith('>'))];
        Add([.. titles.Select(title => title.TrimStart('>'))]);
    }

    public void Add(params string[] cells) => _rows.Add([.. cells.Select(PlainText.Of)]);

    public void WriteTo(TextWriter writer)
    {
        var widths = Enumerable.Range(0, _alignedRight.Length).Select(column => _rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in _rows)
        {
            var cells = row.Select((cell, column) => _alignedRight[column] ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]));
            writer.WriteLine(string.Join(Gap, cells).TrimEnd());
        }
    }
}
