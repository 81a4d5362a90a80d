using System.Diagnostics;
using System.Security.Cryptography;

namespace SysGenId.Extensions.Hosting.Resetting;

/// <summary>
/// .NET draws trace ids from a generator of each thread that nobody can reseed. What can be set is the function that makes
/// them: ours adds to each a number drawn after the last change, so those of two clones differ though they are drawn alike.
/// </summary>
internal static class TraceIds
{
    private const int Length = 16;

    private static readonly Func<ActivityTraceId> _create = Create;
    private static byte[] _mask = new byte[Length];

    /// <summary>Draws the number anew. A function that the application has set stays: it knows what it does.</summary>
    /// <returns>Whether trace ids are ours to renew.</returns>
    public static bool Renew()
    {
        Volatile.Write(ref _mask, RandomNumberGenerator.GetBytes(Length));
        Activity.TraceIdGenerator ??= _create;
        return ReferenceEquals(Activity.TraceIdGenerator, _create);
    }

    private static ActivityTraceId Create()
    {
        Span<byte> bytes = stackalloc byte[Length];
        ActivityTraceId.CreateRandom().CopyTo(bytes);
        var mask = Volatile.Read(ref _mask);
        for (var i = 0; i < Length; i++)
            bytes[i] ^= mask[i];
        return ActivityTraceId.CreateFromBytes(bytes);
    }
}
