using SysGenId.Core.Linux;
using SysGenId.TestSupport;

namespace SysGenId.Conformance.Tests.Sockets;

/// <summary>Copies a descriptor as one process passes it to another: through a unix socket (SCM_RIGHTS).</summary>
internal static class PassedSocket
{
    private const uint OwnerOnly = 0x180; // 0600

    public static Descriptor Copy(Descriptor original)
    {
        using var directory = new TemporaryDirectory();
        using var listener = UnixSocket.Listen(directory.File("s"), OwnerOnly, backlog: 1);
        using var sender = UnixSocket.TryConnect(directory.File("s"), blocking: true, out _)!;
        using var receiver = UnixSocket.TryAccept(listener, out _)!;
        DescriptorMessage.Send(sender, [0], [original.Number], out _);
        var passed = new List<Descriptor>();
        Readiness.Wait(receiver, Readiness.Readable, Eventually.Patience);
        DescriptorMessage.Receive(receiver, new byte[1], passed, out _);
        return passed.Single();
    }
}
