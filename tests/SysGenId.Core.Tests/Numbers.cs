using CsCheck;

namespace SysGenId.Core.Tests;

/// <summary>Generators of numbers that hit the edges of 32 unsigned bits.</summary>
internal static class Numbers
{
    /// <summary>Where a sequence of operations may start: at 0, around 2^31, before the last number.</summary>
    public static readonly Gen<uint> Starts = Gen.OneOf(0u, 5u, 0x7FFF_FFFEu, 0x8000_0000u, 0xFFFF_FFFCu, 0xFFFF_FFFFu);

    /// <summary>Any number, the edges often.</summary>
    public static readonly Gen<uint> Any = Gen.OneOf(
        Gen.UInt, Gen.OneOf(0u, 1u, 0x7FFF_FFFFu, 0x8000_0000u, 0x8000_0001u, 0xFFFF_FFFEu, 0xFFFF_FFFFu));

    /// <summary>A number a little above the start, without wrapping.</summary>
    public static uint Above(uint start, uint delta) => (uint)Math.Min(uint.MaxValue, (ulong)start + delta);
}
