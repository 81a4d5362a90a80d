using SysGenId.Core.CounterPage;
using SysGenId.Core.Linux;

namespace SysGenId.Core.Tests.CounterPage;

/// <summary>The words of a page, to damage them.</summary>
internal sealed unsafe class RawPage : IDisposable
{
    private const uint OwnerMayWrite = 0x1A4;

    private readonly SharedPage _page;

    public RawPage(string path)
    {
        // Its owner needs no right to damage a page; the writer gives it its mode back.
        Files.SetPermissions(path, OwnerMayWrite);
        using var file = Files.Open(path, Files.ReadWrite);
        _page = new SharedPage(file, PageLayout.Length, writable: true);
    }

    public ref uint this[int offset] => ref *(uint*)(_page.Start + offset);

    public void Dispose() => _page.Dispose();
}
