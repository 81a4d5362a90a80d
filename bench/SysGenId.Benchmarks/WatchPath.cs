using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using SysGenId.Core.CounterPage;
using SysGenId.Core.Generations;
using SysGenId.Core.Linux;
using SysGenId.Core.Transport;
using SysGenId.Sidecar.Generations;
using SysGenId.Sidecar.Logging;
using SysGenId.Sidecar.Watching;

namespace SysGenId.Benchmarks;

/// <summary>
/// The sidecar's own watch server on its own loop and thread, 64 connections over real sockets: a delivery, a word
/// to each, an ack from each. Time and allocations are per word, of all threads together.
/// </summary>
public class WatchPath : IDisposable
{
    private const int Watchers = 64;
    private const string PagePath = "/dev/shm/sysgenid-benchmark-watch";
    private const string SocketPath = PagePath + ".sock";

    private readonly EventLoop _loop = new(TimeProvider.System);
    private readonly Descriptor[] _clients = new Descriptor[Watchers];
    private CounterPageWriter _page = null!;
    private PodGeneration _pod = null!;
    private Listener _listener = null!;
    private Thread _thread = null!;
    private Action _deliver = null!;

    [GlobalSetup]
    public void Open()
    {
        _page = CounterPageWriter.Open(PagePath);
        _pod = new PodGeneration(_page, TimeProvider.System);
        var log = new Log(LogLevel.Error);
        var disconnected = new DisconnectedProcesses(_loop, _pod, TimeSpan.FromSeconds(30), Watchers, log);
        var server = new WatchServer(_loop, _pod, disconnected, Watchers, TimeSpan.FromSeconds(5), log);
        _pod.Published += server.TellGeneration;
        _deliver = () => _pod.Deliver(new Delivery(0, 0, Guid.NewGuid(), GenerationCause.Forced, 0));
        _listener = new Listener(_loop, SocketPath, 0x180, server.Accept);
        _thread = new Thread(_loop.Run);
        _thread.Start();
        for (var i = 0; i < Watchers; i++)
        {
            _clients[i] = UnixSocket.TryConnect(SocketPath, blocking: true, out _)!;
            ReceiveWord(_clients[i]);
        }
    }

    [GlobalCleanup]
    public void Dispose()
    {
        foreach (var client in _clients) client.Dispose();
        _loop.Stop();
        _thread.Join();
        _listener.Dispose();
        _loop.Dispose();
        _page.Dispose();
        File.Delete(PagePath);
        File.Delete(SocketPath);
        GC.SuppressFinalize(this);
    }

    [Benchmark(OperationsPerInvoke = Watchers)]
    public void WordAndAck()
    {
        _loop.Post(_deliver);
        foreach (var client in _clients)
        {
            var word = ReceiveWord(client);
            UnixSocket.Send(client, MemoryMarshal.AsBytes(new ReadOnlySpan<uint>(in word)), out _);
        }

        while (_pod.Registry.Counts.Outdated > 0) Thread.Yield();
    }

    private static uint ReceiveWord(Descriptor client)
    {
        uint word = 0;
        UnixSocket.Receive(client, MemoryMarshal.AsBytes(new Span<uint>(ref word)), out _);
        return word;
    }
}
