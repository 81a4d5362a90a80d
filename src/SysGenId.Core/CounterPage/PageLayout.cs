namespace SysGenId.Core.CounterPage;

/// <summary>The counter page, byte by byte, version 1. Public interface: changed only on purpose.</summary>
internal static class PageLayout
{
    /// <summary>The file's length in bytes, for its whole life (S15).</summary>
    public const int Length = 4096;

    /// <summary>The file's permission bits, for its whole life (S15).</summary>
    public const uint Mode = 0x124; // 0444

    public const ushort Version = 1;

    /// <summary>Length of the part that has a meaning.</summary>
    public const ushort HeaderLength = 56;

    /// <summary>"SGID" in memory on a little-endian machine.</summary>
    public const uint Magic = 0x44494753;

    public const int Generation = 0;
    public const int Sequence = 4;
    public const int MagicAt = 8;
    public const int VersionAt = 12;
    public const int HeaderLengthAt = 14;
    public const int Id = 16;
    public const int Time = 32;
    public const int Cause = 40;
    public const int Flags = 44;
    public const int Outdated = 48;
    public const int Watchers = 52;
}
