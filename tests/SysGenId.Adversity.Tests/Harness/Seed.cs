using System.Globalization;

namespace SysGenId.Adversity.Tests.Harness;

/// <summary>Random numbers that can be had again: the seed is in the message of every failure, and SYSGENID_SEED sets it.</summary>
internal static class Seed
{
    public static int Next() => int.TryParse(Environment.GetEnvironmentVariable("SYSGENID_SEED"), CultureInfo.InvariantCulture, out var seed)
        ? seed
        : Random.Shared.Next();
}
