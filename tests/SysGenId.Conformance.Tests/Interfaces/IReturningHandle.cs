namespace SysGenId.Conformance.Tests.Interfaces;

/// <summary>A handle that comes back when its connection has ended.</summary>
internal interface IReturningHandle : IWatcherHandle
{
    /// <summary>Returns when it is connected again and has said what it handled last (S23).</summary>
    Task ReturnAsync();
}
