namespace SysGenId.Conformance.Tests.Interfaces;

/// <summary>A handle that can be had twice, and is one watcher until its last copy closes (S11).</summary>
internal interface ISharedHandle : IWatcherHandle
{
    /// <summary>One more copy, as dup or a passed descriptor makes it.</summary>
    Task<IWatcherHandle> ShareAsync();
}
