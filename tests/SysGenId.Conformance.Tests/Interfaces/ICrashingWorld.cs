using SysGenId.TestSupport;

namespace SysGenId.Conformance.Tests.Interfaces;

/// <summary>A world that a program of its own watches.</summary>
internal interface ICrashingWorld : IGenerationWorld
{
    /// <summary>Starts a program that opens a handle; returns when it has.</summary>
    Task<ChildProcess> WatchElsewhereAsync();
}
