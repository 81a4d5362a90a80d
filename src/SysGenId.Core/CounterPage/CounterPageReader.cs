using System.Runtime.CompilerServices;
using SysGenId.Core.Generations;
using SysGenId.Core.Linux;

namespace SysGenId.Core.CounterPage;

/// <summary>A mapped counter page. Thread-safe for reading; it needs no connection and survives a checkpoint.</summary>
internal sealed unsafe class CounterPageReader : IDisposable
{
    private readonly SharedPage _page;

    private CounterPageReader(SharedPage page) => _page = page;

    /// <summary>The current generation: one load.</summary>
    public uint Generation => Volatile.Read(ref *(uint*)(_page.Start + PageLayout.Generation));

    /// <summary>Maps the page at a path.</summary>
    /// <exception cref="CounterPageException">It is shorter than a page, or has no mark of ours.</exception>
    /// <exception cref="LinuxException">It cannot be opened or mapped.</exception>
    public static CounterPageReader Open(string path)
    {
        using var file = Files.Open(path, Files.ReadOnly | Files.NonBlocking);
        if (Files.Status(file) is not { IsRegularFile: true, Size: >= PageLayout.Length }) throw NotAPage(path);
        var page = new SharedPage(file, PageLayout.Length, writable: false);
        if (Unsafe.ReadUnaligned<uint>(page.Start + PageLayout.MagicAt) == PageLayout.Magic) return new CounterPageReader(page);
        page.Dispose();
        throw NotAPage(path);
    }

    /// <summary>
    /// Everything the page says, of one instant. While the writer is in the middle of a change it looks again; a writer
    /// that died there cannot hold it up for ever: after half a second the words are returned as they are.
    /// </summary>
    public PageContent Read()
    {
        ref var sequence = ref *(uint*)(_page.Start + PageLayout.Sequence);
        var spin = new SpinWait();
        for (var attempt = 0; ; attempt++)
        {
            var before = Volatile.Read(ref sequence);
            var content = Copy(_page.Start);
            Interlocked.MemoryBarrier();
            var stable = (before & 1) == 0 && before == Volatile.Read(ref sequence);
            if (stable || attempt == MaximumLooks) return content;
            spin.SpinOnce();
        }
    }

    /// <summary>Sleeps while the page shows a generation; returns the one it shows then.</summary>
    /// <param name="handled">Returns at once when the page shows another.</param>
    /// <param name="timeout">At most so long; null waits without limit.</param>
    public uint WaitForChange(uint handled, TimeSpan? timeout = null)
    {
        if (Generation == handled) Futex.WaitWhile((uint*)(_page.Start + PageLayout.Generation), handled, timeout);
        return Generation;
    }

    /// <summary>Wakes everybody who sleeps on the page, in all processes, though it has not changed.</summary>
    public void WakeSleepers() => Futex.WakeAll((uint*)(_page.Start + PageLayout.Generation));

    public void Dispose() => _page.Dispose();

    internal static PageContent Copy(byte* start) => new(
        Volatile.Read(ref *(uint*)(start + PageLayout.Generation)),
        new Guid(new ReadOnlySpan<byte>(start + PageLayout.Id, 16), bigEndian: true),
        Unsafe.ReadUnaligned<long>(start + PageLayout.Time),
        (GenerationCause)Unsafe.ReadUnaligned<uint>(start + PageLayout.Cause),
        (PageFlags)Unsafe.ReadUnaligned<uint>(start + PageLayout.Flags),
        (int)Unsafe.ReadUnaligned<uint>(start + PageLayout.Watchers),
        (int)Unsafe.ReadUnaligned<uint>(start + PageLayout.Outdated));

    // After the first few each look waits a millisecond: a writer that lost its processor has half a second to go on.
    private const int MaximumLooks = 500;

    private static CounterPageException NotAPage(string path) => new($"{path} is not a counter page of SysGenId.");
}
