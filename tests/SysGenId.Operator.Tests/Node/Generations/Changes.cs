using SysGenId.Core.Generations;
using SysGenId.Operator.Node.Generations;

namespace SysGenId.Operator.Tests.Node.Generations;

/// <summary>Changes to test with.</summary>
internal static class Changes
{
    public static GenerationChange At(uint generation, GenerationCause cause = GenerationCause.Forced) =>
        new() { Generation = generation, Id = Guid.NewGuid(), Cause = cause, TimeNs = 1_700_000_000_000_000_000 };

    /// <summary>A change that is yet to be made.</summary>
    public static GenerationChange Draft(uint? minimum = null) => At(0) with { Minimum = minimum };

    /// <summary>A node without a ceiling that matters.</summary>
    public static NodeGeneration Node(uint generation, uint ceiling = uint.MaxValue) => new(At(generation), ceiling, []);
}
