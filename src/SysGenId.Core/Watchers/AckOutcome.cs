namespace SysGenId.Core.Watchers;

/// <summary>What became of an acknowledgement (S09).</summary>
internal enum AckOutcome
{
    /// <summary>The value is current: the watcher is up to date, now or already before.</summary>
    Acknowledged,

    /// <summary>The value is not current: nothing changed but what S23 says of a returning watcher's first word. EINVAL to a device's client.</summary>
    NotCurrent,

    /// <summary>The watcher is closed.</summary>
    Closed,
}
