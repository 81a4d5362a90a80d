using System.Text;
using SysGenId.Core;

namespace SysGenId.Operator.Node.HookInstallation;

/// <summary>
/// Our one line in a CRIU configuration, between two markers. Pure, and on bytes: what is not ours may be in any
/// encoding, with any line ends, and stays as it is. Removing what was inserted gives back the same bytes.
/// </summary>
internal static class CriuConfigurationText
{
    private const string Action = HookMarkers.ActionScript + " ";

    private static readonly byte[] _begin = Encoding.UTF8.GetBytes(HookMarkers.Begin);

    private static readonly byte[] _end = Encoding.UTF8.GetBytes(HookMarkers.End);

    private static readonly byte[] _actionPrefix = Encoding.UTF8.GetBytes(Action);

    /// <summary>Our block in a text, if there is one.</summary>
    public static CriuConfigurationBlock? Find(ReadOnlySpan<byte> text, out MarkerFault fault) =>
        TryLocate(text, out var range, out fault) ? Read(text[range]) : null;

    /// <summary>Puts our block behind everything else; one that is there is rewritten where it is, and keeps what it remembers.</summary>
    /// <param name="text">The configuration.</param>
    /// <param name="hook">The program for CRIU to run. CRIU splits at spaces and dies of quotes, so it has neither.</param>
    /// <param name="traces">What this installation made.</param>
    public static CriuConfigurationEdit Insert(ReadOnlySpan<byte> text, string hook, InstallationTraces traces)
    {
        if (TryLocate(text, out var range, out var fault))
        {
            var before = Read(text[range]);
            return new(fault, [.. text[..range.Start], .. Write(hook, Merge(before, hook, traces)), .. text[range.End..]], before);
        }

        if (fault != MarkerFault.None) return new(fault, text.ToArray(), null);
        traces = traces with { AddedNewline = text.Length > 0 && text[^1] != (byte)'\n' };
        ReadOnlySpan<byte> newline = traces.AddedNewline ? "\n"u8 : [];
        return new(fault, [.. text, .. newline, .. Write(hook, traces)], null);
    }

    /// <summary>Takes our block out; a text without one stays as it is.</summary>
    public static CriuConfigurationEdit Remove(ReadOnlySpan<byte> text)
    {
        if (!TryLocate(text, out var range, out var fault)) return new(fault, text.ToArray(), null);
        var before = Read(text[range]);
        var head = text[..range.Start];
        var tail = text[range.End..];

        // Something was added behind our block since: then the line end we put before it separates the two.
        if (before.Traces.AddedNewline && tail.Length == 0 && head.EndsWith((byte)'\n')) head = head[..^1];
        return new(fault, [.. head, .. tail], before);
    }

    private static byte[] Write(string hook, InstallationTraces traces) => Encoding.UTF8.GetBytes($"""
        {HookMarkers.Begin}{traces}
        # Written by sysgenid-operator node install-hook; uninstall-hook takes it out again.
        {Action}{hook}
        {HookMarkers.End}

        """);

    private static InstallationTraces Merge(CriuConfigurationBlock before, string hook, InstallationTraces now) =>
        before.Traces with { CreatedHookDirectories = CreatedAbove(hook, now.CreatedHookDirectories, before) };

    // Directories above the hook that are new now, and then those that were new when the hook was installed before.
    private static int CreatedAbove(string hook, int missing, CriuConfigurationBlock before)
    {
        var created = Above(before.Hook).Take(before.Traces.CreatedHookDirectories).ToHashSet();
        return missing + Above(hook).Skip(missing).TakeWhile(created.Contains).Count();
    }

    private static IEnumerable<string> Above(string? path)
    {
        while ((path = Path.GetDirectoryName(path)) is not null) yield return path;
    }

    private static CriuConfigurationBlock Read(ReadOnlySpan<byte> block)
    {
        string? hook = null;
        var traces = default(InstallationTraces);
        while (NextLine(ref block) is { Length: > 0 } line)
        {
            if (line.StartsWith(_begin)) traces = InstallationTraces.Parse(Encoding.UTF8.GetString(line[_begin.Length..]));
            if (line.StartsWith(_actionPrefix)) hook = Encoding.UTF8.GetString(line[_actionPrefix.Length..]).Trim();
        }

        return new CriuConfigurationBlock(hook, traces);
    }

    private static bool TryLocate(ReadOnlySpan<byte> text, out Range range, out MarkerFault fault)
    {
        (range, fault) = (default, MarkerFault.None);
        int? begin = null;
        var (position, blocks) = (0, 0);
        for (var rest = text; NextLine(ref rest) is { Length: > 0 } line; position += line.Length)
        {
            if (line.StartsWith(_begin))
            {
                if (begin is not null) fault = MarkerFault.EndIsMissing;
                begin = position;
            }
            else if (line.StartsWith(_end))
            {
                if (begin is null) fault = MarkerFault.BeginIsMissing;
                range = (begin ?? position)..(position + line.Length);
                begin = null;
                blocks++;
            }
        }

        if (begin is not null) fault = MarkerFault.EndIsMissing;
        if (fault == MarkerFault.None && blocks > 1) fault = MarkerFault.SeveralBlocks;
        return fault == MarkerFault.None && blocks == 1;
    }

    // A line with its end; the last one may have none. Empty: there is none left.
    private static ReadOnlySpan<byte> NextLine(ref ReadOnlySpan<byte> text)
    {
        var end = text.IndexOf((byte)'\n');
        var line = end < 0 ? text : text[..(end + 1)];
        text = text[line.Length..];
        return line;
    }
}
