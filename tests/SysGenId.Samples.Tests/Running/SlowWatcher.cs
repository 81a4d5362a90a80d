using System.Net.Sockets;

namespace SysGenId.Samples.Tests.Running;

/// <summary>A watcher that acks when the test says so: whom an orchestrator has to wait for.</summary>
internal sealed class SlowWatcher : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    public SlowWatcher(LocalPod pod) => _socket.Connect(new UnixDomainSocketEndPoint(pod.WatchSocket));

    public void Acknowledge(uint generation) => _socket.Send(BitConverter.GetBytes(generation));

    public void Dispose() => _socket.Dispose();
}
