namespace SysGenId.CloneWitness;

/// <summary>The log of the test programs: line N is a symbolic link LOG.N, so no file is open when the program is dumped. Thread-safe.</summary>
internal sealed class EventLog
{
    private readonly string _path;
    private int _lines;

    public EventLog(string path) => _path = path;

    public void Write(string line) => File.CreateSymbolicLink($"{_path}.{Interlocked.Increment(ref _lines):D6}", line);
}
