using SysGenId.Core;

namespace SysGenId.Client;

/// <summary>Where a <see cref="GenerationWatcher"/> finds the system generation and how it comes back. Checked by <see cref="GenerationWatcher.Open"/>.</summary>
public sealed record GenerationWatcherOptions
{
    /// <summary>The environment variable that names the directory where <see cref="Directory"/> does not: <c>SYSGENID_DIR</c>.</summary>
    public const string DirectoryVariable = "SYSGENID_DIR";

    /// <summary>
    /// The directory of page and sockets. An absolute path. Default: the environment variable <c>SYSGENID_DIR</c>, and
    /// without it <c>/run/sysgenid</c>; where that directory has no page, <c>/dev/sysgenid</c> is taken as <see cref="PagePath"/>.
    /// </summary>
    public string? Directory { get; init; }

    /// <summary>
    /// A page alone, for example <c>/dev/sysgenid</c>: no socket is looked for, and the mode is
    /// <see cref="WatcherMode.PageOnly"/>. An absolute path. Default: none; excludes <see cref="Directory"/>.
    /// </summary>
    public string? PagePath { get; init; }

    /// <summary>What to do where there is no page. Default: throw.</summary>
    public UnavailableBehavior WhenUnavailable { get; init; } = UnavailableBehavior.Throw;

    /// <summary>
    /// The pause before the first attempt to reach the sidecar again, after a checkpoint or a restart of it; the next ones
    /// double. 1 millisecond to 1 minute, default 10 milliseconds.
    /// </summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>The longest pause between attempts, of which there is no last one. <see cref="FirstPause"/> to 1 hour, default 1 second.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long opening waits for the sidecar to answer, and how long a directory that has no sockets yet is tried before
    /// it counts as one that has none. 1 millisecond to 1 minute, default 2 seconds.
    /// </summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The clock of pauses and time limits. Default: the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <exception cref="ArgumentException">Something is out of its range; the message names all of it.</exception>
    internal void Validate()
    {
        var faults = Faults().ToList();
        if (faults.Count > 0) throw new ArgumentException($"These options cannot be used: {string.Join("; ", faults)}.");
    }

    /// <summary>The directory that is meant, and whether somebody named it.</summary>
    internal (string Path, bool IsNamed) ResolveDirectory()
    {
        var named = Directory ?? Environment.GetEnvironmentVariable(DirectoryVariable);
        return string.IsNullOrEmpty(named) ? (SystemPaths.PodDirectory, false) : (named, true);
    }

    private IEnumerable<string> Faults()
    {
        if (Directory is not null && PagePath is not null) yield return $"{nameof(Directory)} and {nameof(PagePath)} exclude each other";
        if (PagePath is null && !Path.IsPathRooted(ResolveDirectory().Path)) yield return $"{nameof(Directory)}, or {DirectoryVariable} without it, must be an absolute path";
        if (PagePath is not null && !Path.IsPathRooted(PagePath)) yield return $"{nameof(PagePath)} must be an absolute path";
        if (!Enum.IsDefined(WhenUnavailable)) yield return $"{nameof(WhenUnavailable)} has no such value";
        if (!IsWithin(FirstPause, _shortest, TimeSpan.FromMinutes(1))) yield return $"{nameof(FirstPause)} must be 1 millisecond to 1 minute";
        if (!IsWithin(LongestPause, FirstPause, TimeSpan.FromHours(1))) yield return $"{nameof(LongestPause)} must be {nameof(FirstPause)} to 1 hour";
        if (!IsWithin(Patience, _shortest, TimeSpan.FromMinutes(1))) yield return $"{nameof(Patience)} must be 1 millisecond to 1 minute";
        if (TimeProvider is null) yield return $"{nameof(TimeProvider)} must not be null";
    }

    private static bool IsWithin(TimeSpan value, TimeSpan least, TimeSpan most) => value >= least && value <= most;

    private static readonly TimeSpan _shortest = TimeSpan.FromMilliseconds(1);
}
