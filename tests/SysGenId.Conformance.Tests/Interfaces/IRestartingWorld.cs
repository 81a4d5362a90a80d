namespace SysGenId.Conformance.Tests.Interfaces;

/// <summary>A world that outlives whoever serves it.</summary>
internal interface IRestartingWorld : IGenerationWorld
{
    /// <summary>Kills whoever serves it and starts another on what that left; then the node says where it stands (S02).</summary>
    Task RestartAsync(uint nodeGeneration);
}
