using System.Diagnostics;
using System.Security.Cryptography;

namespace SysGenId.CloneWitness;

/// <summary>What one thread draws from everything in .NET that is said to be random.</summary>
internal static class Draws
{
    private const int ShownBytes = 8;

    /// <summary>"NAME=VALUE" for each source.</summary>
    public static string Next() => string.Join(
        ' ',
        $"bytes={RandomNumberGenerator.GetHexString(2 * ShownBytes)}",
        $"key={NewKey()}",
        $"guid={Guid.NewGuid():N}",
        $"guid7={Guid.CreateVersion7():N}",
        $"new={new Random().NextInt64()}",
        $"shared={Random.Shared.NextInt64()}",
        $"trace={TraceId()}",
        $"span={ActivitySpanId.CreateRandom()}",
        $"hash={"text".GetHashCode(StringComparison.Ordinal)}");

    /// <summary>The beginning of a private key.</summary>
    private static string NewKey()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Convert.ToHexString(key.ExportParameters(includePrivateParameters: true).D.AsSpan(0, ShownBytes));
    }

    private static string TraceId()
    {
        Activity.Current = null;
        using var activity = new Activity("draw").SetIdFormat(ActivityIdFormat.W3C).Start();
        return activity.TraceId.ToString();
    }
}
