using BenchmarkDotNet.Attributes;
using SysGenId.Core.CounterPage;
using SysGenId.Core.Generations;

namespace SysGenId.Benchmarks;

/// <summary>What a change of the page costs its writer, nobody waiting.</summary>
public class PageWrites
{
    private const string PagePath = "/dev/shm/sysgenid-benchmark-written";

    private readonly Guid _id = Guid.NewGuid();
    private CounterPageWriter _writer = null!;
    private uint _generation;
    private int _outdated;

    [GlobalSetup]
    public void Open() => _writer = CounterPageWriter.Open(PagePath);

    [GlobalCleanup]
    public void Close()
    {
        _writer.Dispose();
        File.Delete(PagePath);
    }

    [Benchmark]
    public void Publish() => _writer.Publish(new PageContent(++_generation, _id, 0, GenerationCause.Forced));

    [Benchmark]
    public void UpdateCounts() => _writer.Update(PageFlags.AgentConnected, 64, _outdated++ & 0x3f);
}
