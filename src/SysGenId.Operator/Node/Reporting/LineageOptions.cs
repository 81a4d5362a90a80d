namespace SysGenId.Operator.Node.Reporting;

/// <summary>How two agents of one name keep out of each other's way. Not for users: all agents must agree. Immutable.</summary>
internal sealed record LineageOptions
{
    /// <summary>
    /// The longest first wait before another's report is overwritten again; it doubles from there. As long as the watch takes
    /// to bring what a third party wrote once, and the pace of the status besides.
    /// </summary>
    public TimeSpan FirstWait { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// The longest wait of all. Two agents then cost the API server at most four writes a minute, and each shows every minute
    /// that it is there.
    /// </summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// So long after its last report the other is taken to be gone: ten of the longest waits, of which it would have let none
    /// pass. Longer than an API server takes to be upgraded.
    /// </summary>
    public TimeSpan Quiet { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Reports under a name of ours that are taken for a clone's that has not moved since: so many, ...
    /// A hand, or a backup that is put back, writes once.
    /// </summary>
    public int Insistence { get; init; } = 3;

    /// <summary>... each at most so long after the one before. A clone answers within seconds.</summary>
    public TimeSpan InsistenceWindow { get; init; } = TimeSpan.FromMinutes(1);
}
