namespace SysGenId.Conformance.Tests.Interfaces;

/// <summary>A world whose watchers can fork.</summary>
internal interface IForkingWorld : IGenerationWorld
{
    /// <summary>Starts a program that opens a handle and forks.</summary>
    Task<IForkedProgram> ForkAsync();
}
