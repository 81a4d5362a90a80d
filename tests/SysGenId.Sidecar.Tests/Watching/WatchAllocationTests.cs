using SysGenId.Core.CounterPage;
using SysGenId.Core.Transport;
using SysGenId.Sidecar.Generations;
using SysGenId.Sidecar.Logging;
using SysGenId.Sidecar.Tests.Fixture;
using SysGenId.Sidecar.Watching;
using SysGenId.TestSupport;

namespace SysGenId.Sidecar.Tests.Watching;

public sealed class WatchAllocationTests
{
    private const int Watchers = 16;
    private const int Rounds = 2000;

    [Fact]
    public void Words_and_bumps_allocate_nothing()
    {
        using var directory = new TemporaryDirectory();
        using var page = CounterPageWriter.Open(directory.File("generation"));
        using var loop = new EventLoop(TimeProvider.System);
        var pod = new PodGeneration(page, TimeProvider.System);
        var log = new Log(LogLevel.Error);
        var disconnected = new DisconnectedProcesses(loop, pod, TimeSpan.FromSeconds(30), Watchers, log);
        var server = new WatchServer(loop, pod, disconnected, Watchers, TimeSpan.FromSeconds(5), log);
        pod.Published += server.TellGeneration;
        using var listener = new Listener(loop, directory.File("watch.sock"), 0x1B6, server.Accept);
        var allocated = -1L;
        var thread = new Thread(loop.Run);
        thread.Start();

        var clients = Enumerable.Range(0, Watchers).Select(_ => new WatchClient(directory.File("watch.sock"))).ToList();
        foreach (var client in clients) client.Read();
        Exchange(loop, pod, clients, 50);
        OnLoop(loop, () => allocated = GC.GetAllocatedBytesForCurrentThread());
        Exchange(loop, pod, clients, Rounds);
        OnLoop(loop, () => allocated = GC.GetAllocatedBytesForCurrentThread() - allocated);
        loop.Stop();
        thread.Join();
        foreach (var client in clients) client.Dispose();

        Assert.True(allocated == 0, $"{allocated} bytes in {Rounds} bumps with {Watchers} acks each");
    }

    private static void Exchange(EventLoop loop, PodGeneration pod, List<WatchClient> clients, int rounds)
    {
        for (var round = 0; round < rounds; round++)
        {
            var generation = 0u;
            OnLoop(loop, () =>
            {
                pod.TryForce(0);
                generation = pod.Content.Generation;
            });
            foreach (var client in clients) client.ReadUntil(generation);
            foreach (var client in clients) client.Write(generation);
            foreach (var client in clients.Take(1)) client.Write(generation - 1);
            foreach (var client in clients.Take(1)) client.ReadUntil(generation);
        }
    }

    private static void OnLoop(EventLoop loop, Action action)
    {
        using var done = new ManualResetEventSlim();
        loop.Post(() =>
        {
            action();
            done.Set();
        });
        Assert.True(done.Wait(Eventually.Patience));
    }
}
