namespace SysGenId.Conformance.Tests.Interfaces;

/// <summary>A world that can be moved from outside (S13).</summary>
internal interface IForcingWorld : IGenerationWorld
{
    /// <summary>Forces as a caller with the capability.</summary>
    Task<Change> ForceAsync(uint minimum);

    /// <summary>Forces as a caller without any.</summary>
    Task<Outcome> ForceWithoutRightsAsync();
}
