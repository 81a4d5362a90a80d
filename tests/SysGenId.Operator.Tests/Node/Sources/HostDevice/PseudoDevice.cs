using System.Runtime.InteropServices;
using SysGenId.Core.Linux;
using SysGenId.TestSupport;

namespace SysGenId.Operator.Tests.Node.Sources.HostDevice;

/// <summary>A pseudo terminal in raw mode: a character device whose driver is the test, which writes words and reads acks.</summary>
internal sealed class PseudoDevice : IDisposable
{
    // ioctl_tty(2), with their numbers of asm-generic/ioctls.h.
    private const nuint GetAttributes = 0x5401;
    private const nuint SetAttributes = 0x5402;
    private const nuint GetNumber = 0x80045430;
    private const nuint Unlock = 0x40045431;

    // struct termios of the kernel: four words of flags, the line discipline, 19 control characters.
    private const int AttributesLength = 36;
    private const int ControlFlags = 2;

    private readonly Descriptor _driver;

    public unsafe PseudoDevice()
    {
        _driver = Files.Open("/dev/ptmx", Files.ReadWrite | Files.NonBlocking | Files.NoControllingTerminal);
        int zero = 0, number;
        Control(Unlock, &zero);
        Control(GetNumber, &number);
        Path = $"/dev/pts/{number}";

        // Raw: no echo, no lines, no characters that mean anything.
        var attributes = stackalloc uint[AttributesLength / sizeof(uint)];
        Control(GetAttributes, attributes);
        for (var flags = 0; flags < 4; flags++)
        {
            if (flags != ControlFlags) attributes[flags] = 0;
        }

        Control(SetAttributes, attributes);
    }

    public string Path { get; }

    /// <summary>The machine's generation is another.</summary>
    public void Bump(uint generation) => Send(MemoryMarshal.AsBytes(new ReadOnlySpan<uint>(in generation)));

    public void Send(ReadOnlySpan<byte> bytes) => Files.Write(_driver, bytes);

    /// <summary>The next ack.</summary>
    public async Task<uint> AckAsync()
    {
        var ack = new byte[sizeof(uint)];
        await Eventually.HoldsAsync(() => Files.TryRead(_driver, ack, out _) == ack.Length, what: "an ack came");
        return BitConverter.ToUInt32(ack);
    }

    /// <summary>Whether anything was written to it that was not read yet.</summary>
    public bool HasAck()
    {
        Span<byte> ack = stackalloc byte[sizeof(uint)];
        return Files.TryRead(_driver, ack, out _) > 0;
    }

    public void Dispose() => _driver.Dispose();

    private unsafe void Control(nuint request, void* argument)
    {
        if (Libc.ioctl(_driver.Number, request, argument) < 0) throw new LinuxException("ioctl", Files.LastError);
    }
}
