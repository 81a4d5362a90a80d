using System.Globalization;

namespace SysGenId.Checkpoint.Client;

/// <summary>
/// Line N of a log is a symbolic link LOG.N whose target is the text: made by one call and without a descriptor, it is never
/// half there and never open when the process is dumped.
/// </summary>
internal sealed class Report(string path)
{
    private readonly Lock _lock = new();
    private int _number;

    public void Write(string line)
    {
        lock (_lock)
        {
            File.CreateSymbolicLink($"{path}.{(_number++).ToString("000000", CultureInfo.InvariantCulture)}", line);
        }
    }
}
