namespace SysGenId.Conformance.Tests.Interfaces;

/// <summary>A handle whose operations are named in a request.</summary>
internal interface IOperatingHandle : IWatcherHandle
{
    /// <summary>Asks for an operation that there is not (S14).</summary>
    Task<Outcome> AskForUnknownAsync();
}
