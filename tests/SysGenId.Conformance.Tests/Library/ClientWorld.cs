using SysGenId.Client;
using SysGenId.Conformance.Tests.Interfaces;
using SysGenId.Conformance.Tests.Sockets;
using SysGenId.Core.Watchers;
using SysGenId.TestSupport;

namespace SysGenId.Conformance.Tests.Library;

/// <summary>
/// A sidecar, and watchers of the library. Who else waits, and the counts, are seen through the control socket: the library
/// has no calls for those who are no watchers.
/// </summary>
internal sealed class ClientWorld : IPagedWorld, IRestartingWorld, IForcingWorld, ICrashingWorld, IQuiescingWorld
{
    private readonly SocketWorld _sidecar;
    private readonly GenerationWatcher _page;

    private ClientWorld(SocketWorld sidecar)
    {
        _sidecar = sidecar;

        // Of the page alone: nobody counts it.
        _page = GenerationWatcher.Open(new GenerationWatcherOptions { PagePath = sidecar.PagePath });
    }

    public string PagePath => _sidecar.PagePath;

    public uint Current => _page.Generation;

    public static async Task<ClientWorld> StartAsync(uint generation) => new(await SocketWorld.StartAsync(generation));

    public static GenerationWatcher Open(string directory) => GenerationWatcher.Open(new GenerationWatcherOptions
    {
        Directory = directory,
        Patience = Eventually.Patience,
    });

    public Task<Change> BumpAsync(uint minimum = 0) => _sidecar.BumpAsync(minimum);

    public Task<IWatcherHandle> OpenAsync() => Task.Run<IWatcherHandle>(() => new ClientHandle(_sidecar, Open(_sidecar.Directory)));

    public Task<WatcherCounts> CountsAsync() => _sidecar.CountsAsync();

    public Task<Outcome> WaitForWatchersAsync(TimeSpan timeout) => _sidecar.WaitForWatchersAsync(timeout);

    public Task SettleAsync() => _sidecar.SettleAsync();

    public Task RestartAsync(uint nodeGeneration) => _sidecar.RestartAsync(nodeGeneration);

    public async Task<Change> ForceAsync(uint minimum)
    {
        Requires.Root();
        using var caller = Open(_sidecar.Directory);
        var outcome = ClientHandle.OutcomeOf(await caller.ForceAsync(minimum));
        return new Change(outcome, caller.Generation);
    }

    // Root without its capabilities: it may read every file here, and nothing else.
    public async Task<Outcome> ForceWithoutRightsAsync()
    {
        Requires.Root();
        var asked = await ChildProcess.RunAsync(
            "setpriv", "--bounding-set", "-all", "--inh-caps", "-all", await ClientProgram.PathAsync(), "force", _sidecar.Directory);
        return ClientHandle.OutcomeOf(Enum.Parse<ForceOutcome>(asked.OrThrow().Output));
    }

    public async Task<ChildProcess> WatchElsewhereAsync()
    {
        var program = ChildProcess.Start(await ClientProgram.PathAsync(), "watch", _sidecar.Directory);
        await Eventually.HoldsAsync(() => program.Output.Length > 0 || program.HasExited, what: "the program watches");
        return program;
    }

    public Task QuiesceAsync() => _sidecar.QuiesceAsync();

    public Task ResumeAsync() => _sidecar.ResumeAsync();

    public async ValueTask DisposeAsync()
    {
        _page.Dispose();
        await _sidecar.DisposeAsync();
    }
}
