using SysGenId.Core.CounterPage;

namespace SysGenId.Client.Pages;

/// <summary>
/// A counter page for as long as anybody looks at it. It is unmapped with its last reference and not before: a load from a
/// page that another thread has just unmapped would end the process. Thread-safe.
/// </summary>
/// <param name="reader">Owned from here on; null: there is no page, and the generation is 0 for ever.</param>
internal sealed class MappedPage(CounterPageReader? reader)
{
    ~MappedPage() => reader?.Dispose();

    /// <summary>Whether there is a page.</summary>
    public bool IsThere => reader is not null;

    /// <summary>The current generation: one load (S15).</summary>
    public uint Generation
    {
        get
        {
            var generation = reader is null ? 0 : reader.Generation;
            GC.KeepAlive(this);
            return generation;
        }
    }

    /// <summary>Everything the page says, of one instant.</summary>
    public PageContent Read()
    {
        var content = reader is null ? default : reader.Read();
        GC.KeepAlive(this);
        return content;
    }

    /// <summary>Sleeps while the page shows this generation. May return early.</summary>
    public void SleepWhile(uint generation)
    {
        reader?.WaitForChange(generation);
        GC.KeepAlive(this);
    }

    /// <summary>Wakes everybody who sleeps on the page, in all processes: whoever sleeps on a futex looks again and sleeps on.</summary>
    public void WakeSleepers()
    {
        reader?.WakeSleepers();
        GC.KeepAlive(this);
    }
}
