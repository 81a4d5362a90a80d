namespace SysGenId.Conformance.Tests.Interfaces;

/// <summary>A world whose connections end for a checkpoint (S22).</summary>
internal interface IQuiescingWorld : IGenerationWorld
{
    /// <summary>A checkpoint begins: no connection is left when this returns. Counts cannot be asked for until it ends.</summary>
    Task QuiesceAsync();

    /// <summary>It has ended, and the sockets serve again.</summary>
    Task ResumeAsync();
}
