namespace SysGenId.Client;

/// <summary>What opening a watcher does where no system generation is.</summary>
public enum UnavailableBehavior
{
    /// <summary>It throws <see cref="SystemGenerationUnavailableException"/>, which says what to do.</summary>
    Throw,

    /// <summary>
    /// The watcher behaves as one of a node that never has a bump: generation 0 for ever. For development machines, where
    /// nothing is restored; anywhere else it is a false promise.
    /// </summary>
    GenerationZero,
}
