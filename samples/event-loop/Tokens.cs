namespace SysGenId.Samples.EventLoop;

/// <summary>What must not exist twice: the state of a generator. The loop alone uses it, so nothing is locked.</summary>
internal sealed class Tokens
{
    private ulong _state;
    private uint _generation;

    public void Rebuild(uint generation)
    {
        // From the kernel, which knows of no copy of this process. RandomNumberGenerator would not do: behind it OpenSSL
        // keeps state in memory, which is the same in every restore of one checkpoint.
        using var kernel = new BinaryReader(File.OpenRead("/dev/urandom"));
        (_state, _generation) = (kernel.ReadUInt64(), generation);
        Console.WriteLine($"generation {generation}: seeded anew");
    }

    public void Mint()
    {
        _state = unchecked((_state * 6364136223846793005) + 1442695040888963407);
        Console.WriteLine($"token {_state ^ (_state >> 29):x16} of generation {_generation}");
    }
}
