using BenchmarkDotNet.Attributes;
using SysGenId.Core.CounterPage;
using SysGenId.Core.Generations;

namespace SysGenId.Benchmarks;

/// <summary>What a look at the page costs against a load of a field.</summary>
public class PageReads
{
    private const int Loads = 1000;
    private const string PagePath = "/dev/shm/sysgenid-benchmark-page";

    private CounterPageWriter _writer = null!;
    private CounterPageReader _page = null!;
    private uint _field;

    [GlobalSetup]
    public void Open()
    {
        _writer = CounterPageWriter.Open(PagePath);
        _page = CounterPageReader.Open(PagePath);
        _writer.Publish(_writer.Content with { Generation = _writer.Content.Generation + 1, Cause = GenerationCause.Forced });
        _field = _page.Generation;
    }

    [GlobalCleanup]
    public void Close()
    {
        _page.Dispose();
        _writer.Dispose();
        File.Delete(PagePath);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Loads)]
    public uint LoadField()
    {
        var sum = 0u;
        for (var i = 0; i < Loads; i++) sum += Volatile.Read(ref _field);
        return sum;
    }

    [Benchmark(OperationsPerInvoke = Loads)]
    public uint ReadGeneration()
    {
        var sum = 0u;
        for (var i = 0; i < Loads; i++) sum += _page.Generation;
        return sum;
    }

    [Benchmark]
    public int ReadWholePage() => _page.Read().Watchers;
}
