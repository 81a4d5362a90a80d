namespace SysGenId.Conformance.Tests.Interfaces;

/// <summary>Two processes that share one handle; both are killed when disposed.</summary>
internal interface IForkedProgram : IAsyncDisposable
{
    /// <summary>Kills the process that opened the handle, as a crash does.</summary>
    Task KillParentAsync();

    /// <summary>Kills the process that was given the handle by fork.</summary>
    Task KillChildAsync();
}
