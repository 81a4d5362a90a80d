namespace SysGenId.Samples.Orchestrator;

/// <summary>What is paused: a file that is there while the pod may serve. It begins paused, for nobody knows yet whether all are up to date.</summary>
internal sealed class ReadyFile
{
    private readonly string _path;

    public ReadyFile(string path)
    {
        _path = path;
        File.Delete(path);
    }

    public void Pause(uint generation)
    {
        File.Delete(_path);
        Console.WriteLine($"generation {generation}: paused, waiting for the others");
    }

    public void Resume(uint generation)
    {
        File.WriteAllText(_path, "");
        Console.WriteLine($"generation {generation}: resumed");
    }
}
