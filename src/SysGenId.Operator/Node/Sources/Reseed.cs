namespace SysGenId.Operator.Node.Sources;

/// <summary>Has the kernel seed its random numbers anew, with what was read mixed in.</summary>
internal delegate void Reseed(ReadOnlySpan<byte> read);
