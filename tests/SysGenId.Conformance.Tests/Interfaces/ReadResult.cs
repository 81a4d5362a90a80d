namespace SysGenId.Conformance.Tests.Interfaces;

/// <summary>What a read returned.</summary>
/// <param name="Outcome">Whether it succeeded.</param>
/// <param name="Generation">The generation that was read; 0 where nothing was.</param>
/// <param name="Length">How many bytes the call returned.</param>
internal readonly record struct ReadResult(Outcome Outcome, uint Generation = 0, int Length = 0)
{
    /// <summary>EAGAIN.</summary>
    public static ReadResult WouldBlock => new(Outcome.WouldBlock);

    /// <summary>A whole generation.</summary>
    public static ReadResult Of(uint generation) => new(Outcome.Success, generation, sizeof(uint));
}
