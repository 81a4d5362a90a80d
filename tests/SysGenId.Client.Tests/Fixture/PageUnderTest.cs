using SysGenId.Core.CounterPage;
using SysGenId.TestSupport;

namespace SysGenId.Client.Tests.Fixture;

/// <summary>A directory with a page that the test writes, and nobody behind it.</summary>
internal sealed class PageUnderTest : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly CounterPageWriter _writer;

    public PageUnderTest(uint generation = 0, PageFlags flags = PageFlags.None)
    {
        _writer = CounterPageWriter.Open(Path);
        _writer.Publish(new PageContent(generation, Guid.NewGuid(), 0, Core.Generations.GenerationCause.None, flags));
    }

    public string Directory => _directory.Path;

    public string Path => _directory.File("generation");

    public Guid Id => _writer.Content.Id;

    public uint Generation => _writer.Content.Generation;

    public GenerationWatcher Open() => GenerationWatcher.Open(new GenerationWatcherOptions { PagePath = Path });

    public void Bump(Core.Generations.GenerationCause cause = Core.Generations.GenerationCause.ContainerRestored, long timeNs = 1_700_000_000_123_456_700) =>
        _writer.Publish(new PageContent(Generation + 1, Guid.NewGuid(), timeNs, cause));

    public void Dispose()
    {
        _writer.Dispose();
        _directory.Dispose();
    }
}
