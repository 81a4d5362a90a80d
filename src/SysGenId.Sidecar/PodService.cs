using SysGenId.Core;
using SysGenId.Core.CounterPage;
using SysGenId.Core.Linux;
using SysGenId.Core.Transport;
using SysGenId.Sidecar.Agent;
using SysGenId.Sidecar.Checkpoints;
using SysGenId.Sidecar.Control;
using SysGenId.Sidecar.Generations;
using SysGenId.Sidecar.Logging;
using SysGenId.Sidecar.Serving;
using SysGenId.Sidecar.Watching;

namespace SysGenId.Sidecar;

/// <summary>
/// A running sidecar, all on one thread:
/// <code>
/// agent --generation--> AgentLink --> PodGeneration --1--> registry: everybody is outdated
///                                                   --2--> counter page: loads, futex, inotify
///                                                   --3--> WatchServer: a word to every connection
///                                                   --4--> ControlServer: waits are interrupted
/// agent &lt;--published---- AgentLink &lt;-------------------5
/// </code>
/// </summary>
/// <param name="options">How it runs.</param>
/// <param name="clock">For timers and for the time of forced bumps.</param>
/// <param name="termination">Ready for reading when it must end; null when only <see cref="Stop"/> ends it.</param>
internal sealed class PodService(SidecarOptions options, TimeProvider clock, Descriptor? termination = null) : IEventHandler, IDisposable
{
    private const uint DirectoryMode = 0x1ED; // 0755

    private readonly EventLoop _loop = new(clock);
    private readonly Log _log = new(options.LogLevel);

    /// <summary>Ends <see cref="Run"/>. Thread-safe.</summary>
    public void Stop() => _loop.Stop();

    /// <summary>Serves until <see cref="Stop"/>.</summary>
    /// <exception cref="IOException">The directory cannot be served; the message says why.</exception>
    public void Run()
    {
        MakeDirectory();
        var pagePath = Path.Join(options.Directory, SystemPaths.PageName);
        using var ownership = FileLock.TryTake(pagePath + ".lock")
            ?? throw new IOException($"another sidecar serves {options.Directory}: end it first, or give this one a directory of its own");
        using var page = CounterPageWriter.Open(pagePath);
        Serve(page);
    }

    public void Dispose() => _loop.Dispose();

    void IEventHandler.OnReady(uint events) => Stop();

    private void Serve(CounterPageWriter page)
    {
        var pod = new PodGeneration(page, clock);
        var disconnected = new DisconnectedProcesses(_loop, pod, options.ReturnGrace, options.MaximumWatchers, _log);
        var watchers = new WatchServer(_loop, pod, disconnected, options.MaximumWatchers, options.PartialWordTimeout, _log);
        var control = new ControlServer(_loop, pod, _log);
        var sockets = new PodSockets(_loop, options.Directory, watchers.Accept, control.Accept, _log);
        var returning = new ReturningWatchers(_loop, pod, disconnected, options.ReturnGrace, options.MaximumWatchers, _log);
        var quiescence = new Quiescence(pod, sockets, watchers, control, returning, _log);
        using var link = new AgentLink(_loop, options.AgentSocket, new DoublingPause(options.FirstPause, options.LongestPause), _log);
        var stats = new StatsReporter(_loop, link, pod);

        pod.Published += watchers.TellGeneration;
        pod.Published += control.AnswerEndedWaits;
        pod.Changed += control.AnswerEndedWaits;
        pod.Changed += stats.Note;

        // Early clients see the node's generation, unless the agent keeps us waiting.
        LoopTimer? patience = null;
        var isServing = false;
        void BeginServing()
        {
            if (isServing) return;
            isServing = true;
            patience?.Cancel();
            if (!quiescence.IsActive) sockets.Open();
        }

        sockets.Check();
        var commands = new AgentCommands(
            options.Directory, link, pod, quiescence, returning, new WatcherPeers(link, disconnected), stats, BeginServing, _log);
        if (termination is not null) _loop.Add(termination, EventPoll.Readable, this);
        link.Start(commands);
        if (!isServing) patience = _loop.After(options.RegistrationPatience, BeginServing);
        _log.Write(LogLevel.Info, $"started dir={options.Directory} generation={page.Content.Generation} id={page.Content.Id}");
        try
        {
            _loop.Run();
        }
        finally
        {
            sockets.Close();
            watchers.CloseAll();
            control.CloseAll();
            pod.SetFlags(PageFlags.AgentConnected | PageFlags.GateProven | PageFlags.Quiesced, false);
        }

        _log.Write(LogLevel.Info, $"stopped dir={options.Directory} generation={page.Content.Generation}");
    }

    // Readable for every user of the pod, whatever our umask takes away.
    private void MakeDirectory()
    {
        if (Files.TryStatus(options.Directory, out var error) is not null || error != Errno.ENOENT) return;
        Files.CreateDirectory(options.Directory, DirectoryMode);
        Files.SetPermissions(options.Directory, DirectoryMode);
    }
}
