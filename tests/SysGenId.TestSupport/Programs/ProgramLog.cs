namespace SysGenId.TestSupport.Programs;

/// <summary>
/// The log a program in a container writes on its volume: one event a line, words separated by blanks, the
/// first word says what happened. Line N is a symbolic link LOG.N whose target is the text: appended at one
/// stroke, and no file that is open when the program is dumped.
/// </summary>
internal sealed class ProgramLog
{
    private readonly string _path;

    public ProgramLog(string path) => _path = path;

    /// <summary>All lines so far.</summary>
    public IReadOnlyList<string[]> Lines =>
        [.. Links.OrderBy(link => link.Name, StringComparer.Ordinal).Select(link => link.LinkTarget!.Split(' '))];

    /// <summary>The lines that begin with a word.</summary>
    public IReadOnlyList<string[]> Of(string word) => [.. Lines.Where(line => line[0] == word)];

    /// <summary>Waits for the next line with this first word after <paramref name="skip"/> such lines, and returns it.</summary>
    public Task<string[]> NextAsync(string word, int skip = 0) =>
        WaitAsync(() => Of(word).Skip(skip).FirstOrDefault(), $"line {skip + 1} of `{word}`");

    /// <summary>Waits for a line that satisfies the condition, and returns it.</summary>
    public Task<string[]> FirstAsync(Func<string[], bool> condition, string what) =>
        WaitAsync(() => Lines.FirstOrDefault(condition), what);

    private IEnumerable<FileInfo> Links =>
        new DirectoryInfo(Path.GetDirectoryName(_path)!).EnumerateFiles(Path.GetFileName(_path) + ".*");

    private async Task<string[]> WaitAsync(Func<string[]?> probe, string what)
    {
        try
        {
            return await Eventually.ReturnsAsync(probe, what: what);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{e.Message}; {_path} has:\n{string.Join('\n', Lines.Select(line => string.Join(' ', line)))}", e);
        }
    }
}
