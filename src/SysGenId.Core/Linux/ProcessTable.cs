using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace SysGenId.Core.Linux;

/// <summary>What <c>/proc</c> tells of other processes. Everything may be gone between two calls: then the answer is null.</summary>
internal static unsafe class ProcessTable
{
    private const int FileLimit = 1 << 20;

    /// <summary>CAP_CHECKPOINT_RESTORE, in the bit order of capabilities(7).</summary>
    public const ulong CheckpointRestore = 1UL << 40;

    /// <summary>CAP_SYS_ADMIN, in the bit order of capabilities(7).</summary>
    public const ulong SystemAdministration = 1UL << 21;

    /// <summary>The parent's pid and the start time (clock ticks since boot) of a process.</summary>
    public static (int Parent, ulong StartTime)? Status(int pid)
    {
        var text = Files.TryReadAll($"/proc/{pid}/stat", FileLimit, out _).AsSpan();

        // The second field is the program's name in parentheses and may hold anything, so count from its end.
        var end = text.LastIndexOf((byte)')');
        if (end < 0) return null;
        var rest = text[(end + 2)..];
        return Field(rest, 1) is { } parent && Field(rest, 19) is { } start ? ((int)parent, start) : null;
    }

    /// <summary>The lines of <c>/proc/PID/cgroup</c>.</summary>
    public static string? Cgroups(int pid) => Text($"/proc/{pid}/cgroup");

    /// <summary>The lines of <c>/proc/PID/mountinfo</c>.</summary>
    public static string? Mounts(int pid) => Text($"/proc/{pid}/mountinfo");

    /// <summary>The effective capabilities of a process, as a bit set.</summary>
    public static ulong? Capabilities(int pid)
    {
        var text = StatusLine(pid, "\nCapEff:\t"u8);
        return Utf8Parser.TryParse(text, out ulong set, out var digits, 'x') && digits == 16 ? set : null;
    }

    /// <summary>The effective uid of a process.</summary>
    public static uint? EffectiveUser(int pid)
    {
        // Real, effective, saved and file system uid.
        var text = StatusLine(pid, "\nUid:\t"u8);
        var second = text.IndexOf((byte)'\t') + 1;
        return second > 0 && Utf8Parser.TryParse(text[second..], out uint user, out _) ? user : null;
    }

    /// <summary>The number of a namespace of a process; equal numbers of a kind are the same namespace.</summary>
    public static ulong? NamespaceNumber(int pid, NamespaceKind kind)
    {
        // NAME:[NUMBER]
        var link = Link($"/proc/{pid}/ns/{(kind == NamespaceKind.Mounts ? "mnt" : "user")}").AsSpan();
        var at = link.IndexOf('[') + 1;
        return at > 0 && ulong.TryParse(link[at..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    /// <summary>Where a symbolic link points, or null.</summary>
    public static string? Link(string path)
    {
        var buffer = stackalloc byte[4096];
        var length = Libc.readlink(path, buffer, 4096);
        return length < 0 ? null : Encoding.UTF8.GetString(buffer, (int)length);
    }

    // From the line's begin on: the first line is the program's name, which may hold anything but a line feed.
    private static ReadOnlySpan<byte> StatusLine(int pid, ReadOnlySpan<byte> begin)
    {
        var text = Files.TryReadAll($"/proc/{pid}/status", FileLimit, out _).AsSpan();
        var at = text.IndexOf(begin);
        return at < 0 ? [] : text[(at + begin.Length)..];
    }

    private static string? Text(string path) =>
        Files.TryReadAll(path, FileLimit, out _) is { } bytes ? Encoding.UTF8.GetString(bytes) : null;

    private static ulong? Field(ReadOnlySpan<byte> fields, int index)
    {
        for (; index > 0; index--)
        {
            var end = fields.IndexOf((byte)' ');
            if (end < 0) return null;
            fields = fields[(end + 1)..];
        }

        return Utf8Parser.TryParse(fields, out ulong value, out _) ? value : null;
    }
}
