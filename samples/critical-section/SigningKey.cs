namespace SysGenId.Samples.CriticalSection;

/// <summary>A secret of one generation. Its guard makes a new one when the generation moved, and disposes the old one.</summary>
internal sealed class SigningKey : IDisposable
{
    private ulong _secret;

    public SigningKey(uint generation)
    {
        // From the kernel, which knows of no copy of this process. RandomNumberGenerator would not do: behind it OpenSSL
        // keeps state in memory, which is the same in every restore of one checkpoint.
        using var kernel = new BinaryReader(File.OpenRead("/dev/urandom"));
        (_secret, Generation) = (kernel.ReadUInt64(), generation);
        Console.WriteLine($"generation {generation}: new key");
    }

    public uint Generation { get; }

    /// <summary>Uses the secret, and takes until the next line of input; null when the input has ended.</summary>
    public string? Sign()
    {
        Console.WriteLine($"signing with the key of generation {Generation}; Enter to finish");
        if (Console.ReadLine() is null) return null;
        return $"signature {unchecked((_secret ^ (_secret >> 29)) * 6364136223846793005):x16} of generation {Generation}";
    }

    public void Dispose() => _secret = 0;
}
