namespace SysGenId.Sidecar.Generations;

/// <summary>What became of a delivery.</summary>
internal enum DeliveryOutcome
{
    /// <summary>The page shows it and every watcher has a word of it.</summary>
    Published,

    /// <summary>It was published before; nothing changed.</summary>
    AlreadyPublished,

    /// <summary>The pod's last number is reached; nothing changed (S02).</summary>
    Exhausted,
}
