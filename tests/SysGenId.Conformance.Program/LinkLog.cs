namespace SysGenId.Conformance.Program;

/// <summary>
/// Line N is a symbolic link LOG.N whose target is the text: made at one stroke, and no file that is open when the program
/// is dumped. One thread.
/// </summary>
internal sealed class LinkLog(string path)
{
    private int _lines;

    public void Write(string text)
    {
        string line;
        do line = $"{path}.{_lines++:D6}";
        while (new FileInfo(line).LinkTarget is not null);
        File.CreateSymbolicLink(line, text);
    }
}
