using SysGenId.TestSupport;

namespace SysGenId.Cluster.Tests.Harness;

/// <summary>Files that live as long as the cluster they belong to.</summary>
internal sealed class TemporaryFiles : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public string Write(string name, string text)
    {
        File.WriteAllText(_directory.File(name), text);
        return _directory.File(name);
    }

    public ValueTask DisposeAsync()
    {
        _directory.Dispose();
        return ValueTask.CompletedTask;
    }
}
