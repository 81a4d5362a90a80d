namespace SysGenId.Conformance.Tests.Interfaces;

/// <summary>A world that keeps places for watchers that a checkpoint disconnected (S23).</summary>
internal interface IRememberingWorld : IGenerationWorld
{
    /// <summary>A container was restored that had so many watchers.</summary>
    Task ExpectAsync(int count);

    /// <summary>A watcher comes back and says which generation it handled last.</summary>
    Task<IWatcherHandle> ReturnAsync(uint handled);
}
