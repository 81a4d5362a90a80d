namespace SysGenId.Samples.Watchdog;

/// <summary>What must not exist twice: the state of a generator. Two threads use it, so it is locked.</summary>
internal sealed class Tokens
{
    private readonly Lock _lock = new();
    private ulong _state;
    private uint _generation;

    public void Rebuild(uint generation)
    {
        // From the kernel, which knows of no copy of this process. RandomNumberGenerator would not do: behind it OpenSSL
        // keeps state in memory, which is the same in every restore of one checkpoint.
        using var kernel = new BinaryReader(File.OpenRead("/dev/urandom"));
        lock (_lock)
        {
            _state = kernel.ReadUInt64();
            _generation = generation;
        }

        Console.WriteLine($"generation {generation}: seeded anew");
    }

    public void Mint()
    {
        lock (_lock)
        {
            _state = unchecked((_state * 6364136223846793005) + 1442695040888963407);
            Console.WriteLine($"token {_state ^ (_state >> 29):x16} of generation {_generation}");
        }
    }
}
