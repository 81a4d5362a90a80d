using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SysGenId.Core.Linux;

namespace SysGenId.Core.CounterPage;

/// <summary>
/// The one writer of a counter page. The file keeps inode, size and mode for its whole life (S15), also over restarts
/// of its writer, and its generation never falls (S02). Not thread-safe: one thread writes.
/// </summary>
internal sealed unsafe class CounterPageWriter : IDisposable
{
    private const uint OwnerMayWrite = 0x80; // 0200

    private static readonly Guid _nobodysName = new("ffffffff-ffff-ffff-ffff-ffffffffffff");

    private readonly Descriptor _file;
    private readonly SharedPage _page;
    private PageContent _content;

    private CounterPageWriter(Descriptor file, SharedPage page)
    {
        (_file, _page) = (file, page);
        Status = Files.Status(file);
    }

    /// <summary>Device and inode: two paths that lead to these lead to this page.</summary>
    public FileStatus Status { get; }

    /// <summary>What the page says now.</summary>
    public PageContent Content => _content;

    /// <summary>Whether the page says something: it was published to at least once in its life.</summary>
    public bool IsPublished => _content.Id != Guid.Empty;

    /// <summary>
    /// Opens the page at a path and goes on from what it says, or makes a new one that says generation 0.
    /// </summary>
    /// <exception cref="CounterPageException">Something that is not a page of ours is there. It is left as it is.</exception>
    /// <exception cref="LinuxException">The directory refuses.</exception>
    public static CounterPageWriter Open(string path)
    {
        var file = OpenExisting(path) ?? Create(path);
        try
        {
            Accept(file, path);
            var writer = new CounterPageWriter(file, new SharedPage(file, PageLayout.Length, writable: true));
            writer.Recover();
            return writer;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Makes a generation visible: everything else first, the generation last of the fields with release order; then the
    /// file write that wakes inotify watchers, then the futex wake. Whoever was woken reads the new value (S04).
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The generation would fall.</exception>
    public void Publish(in PageContent content)
    {
        Show(content);
        Wake();
    }

    /// <summary>The first half of <see cref="Publish"/>: whoever looks sees it, and nobody is woken.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The generation would fall.</exception>
    public void Show(in PageContent content)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(content.Generation, _content.Generation);
        Store(content);
    }

    /// <summary>The second half: wakes those who wait for what is shown.</summary>
    public void Wake()
    {
        var generation = _content.Generation;

        // A store through a mapping raises no inotify event; writing the same bytes does.
        if (Libc.pwrite(_file.Number, &generation, sizeof(uint), PageLayout.Generation) < 0) throw new LinuxException("pwrite", Files.LastError);
        Futex.WakeAll((uint*)(_page.Start + PageLayout.Generation));
    }

    /// <summary>Writes flags and counts; the generation stays and nobody is woken. Nothing is stored when nothing changed.</summary>
    public void Update(PageFlags flags, int watchers, int outdated)
    {
        var content = _content with { Flags = flags, Watchers = watchers, Outdated = outdated };
        if (content != _content) Store(content);
    }

    public void Dispose()
    {
        _page.Dispose();
        _file.Dispose();
    }

    private static Descriptor? OpenExisting(string path)
    {
        var file = Files.TryOpen(path, Files.ReadWrite | Files.NoFollow, 0, out var error);
        if (file is null && error == Errno.EACCES) file = OpenOwnReadOnlyFile(path);
        if (file is null) return error == Errno.ENOENT ? null : throw new LinuxException($"open {path}", error);

        var status = Files.Status(file);
        if (status is { IsRegularFile: true, Links: 1 }) return file;
        file.Dispose();
        throw NotAPage(path, "not a regular file with one name");
    }

    // Without CAP_DAC_OVERRIDE even its owner cannot open a file of mode 0444 for writing, and the mapping of the
    // process that made it died with that process. The mode is opened for the moment of the open; see docs/decisions.
    private static Descriptor OpenOwnReadOnlyFile(string path)
    {
        using var reader = Files.Open(path, Files.ReadOnly | Files.NoFollow | Files.NonBlocking);
        var status = Files.Status(reader);
        if (!status.IsRegularFile || status.Owner != Libc.geteuid())
        {
            throw new CounterPageException($"{path} belongs to uid {status.Owner}, not to this process. Remove it and start again.");
        }

        Files.SetPermissions(reader, status.Permissions | OwnerMayWrite);
        try
        {
            return Files.Open(path, Files.ReadWrite | Files.NoFollow);
        }
        finally
        {
            Files.SetPermissions(reader, status.Permissions);
        }
    }

    private static Descriptor Create(string path)
    {
        var file = Files.Open(path, Files.ReadWrite | Files.Create | Files.Exclusive | Files.NoFollow, PageLayout.Mode);
        try
        {
            Files.Allocate(file, PageLayout.Length);
            return file;
        }
        catch
        {
            file.Dispose();
            Files.Remove(path);
            throw;
        }
    }

    // Looked at before anything is changed: what is not ours stays as it is, its mode included. Only then is memory taken
    // for the page, by a call that can fail: a store into a hole of a full tmpfs would kill the process instead.
    private static void Accept(Descriptor file, string path)
    {
        // A predecessor that died between creating the file and sizing it left an empty one.
        var size = Files.Status(file).Size;
        if (size is not (0 or PageLayout.Length)) throw NotAPage(path, $"{size} bytes long");
        if (size != 0 && !IsMarkedOrBlank(file)) throw NotAPage(path, "it has no mark of ours");
        Files.Allocate(file, PageLayout.Length);
        Files.SetPermissions(file, PageLayout.Mode);
    }

    // Blank but for the sequence is a page whose first writer died in its first change.
    private static bool IsMarkedOrBlank(Descriptor file)
    {
        Span<byte> bytes = stackalloc byte[PageLayout.Length];
        if (Files.Read(file, bytes) != PageLayout.Length) return false;
        if (MemoryMarshal.Read<uint>(bytes[PageLayout.MagicAt..]) == PageLayout.Magic) return true;
        bytes.Slice(PageLayout.Sequence, sizeof(uint)).Clear();
        return !bytes.ContainsAnyExcept((byte)0);
    }

    private static CounterPageException NotAPage(string path, string reason) =>
        new($"{path} is not a counter page: {reason}. Remove it and start again.");

    private void Recover()
    {
        if (Word(PageLayout.MagicAt) != PageLayout.Magic)
        {
            Store(default);
            return;
        }

        // Died in the middle of a change, the page may carry the new name with the old number: then its name is none
        // that anybody gave, so that the change is delivered again.
        var isTorn = (Word(PageLayout.Sequence) & 1) != 0;
        var content = CounterPageReader.Copy(_page.Start) with { Flags = PageFlags.None, Watchers = 0, Outdated = 0 };
        Store(isTorn ? content with { Id = _nobodysName } : content);
    }

    private void Store(in PageContent content)
    {
        ref var sequence = ref Word(PageLayout.Sequence);
        var odd = sequence | 1;
        Volatile.Write(ref sequence, odd);
        Interlocked.MemoryBarrier();
        Word(PageLayout.MagicAt) = PageLayout.Magic;
        Unsafe.WriteUnaligned(_page.Start + PageLayout.VersionAt, PageLayout.Version);
        Unsafe.WriteUnaligned(_page.Start + PageLayout.HeaderLengthAt, PageLayout.HeaderLength);
        content.Id.TryWriteBytes(new Span<byte>(_page.Start + PageLayout.Id, 16), bigEndian: true, out _);
        Unsafe.WriteUnaligned(_page.Start + PageLayout.Time, content.TimeNs);
        Word(PageLayout.Cause) = (uint)content.Cause;
        Word(PageLayout.Flags) = (uint)content.Flags;
        Word(PageLayout.Outdated) = (uint)content.Outdated;
        Word(PageLayout.Watchers) = (uint)content.Watchers;

        // Last of the fields, and still inside the sequence: see docs/decisions.
        Volatile.Write(ref Word(PageLayout.Generation), content.Generation);
        Volatile.Write(ref sequence, odd + 1);
        _content = content;
    }

    private ref uint Word(int offset) => ref *(uint*)(_page.Start + offset);
}
