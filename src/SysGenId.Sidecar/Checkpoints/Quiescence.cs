using SysGenId.Core.CounterPage;
using SysGenId.Sidecar.Control;
using SysGenId.Sidecar.Generations;
using SysGenId.Sidecar.Logging;
using SysGenId.Sidecar.Serving;
using SysGenId.Sidecar.Watching;

namespace SysGenId.Sidecar.Checkpoints;

/// <summary>
/// While checkpoints are taken every connection is closed on our side: CRIU cannot dump half of one (S22). Several
/// checkpoints may overlap; the last to end opens the sockets again. Loop thread only.
/// </summary>
internal sealed class Quiescence(
    PodGeneration pod, PodSockets sockets, WatchServer watchers, ControlServer control, ReturningWatchers returning, Log log)
{
    // Only a broken agent begins so many checkpoints of one pod without ending any.
    private const int MaximumCheckpoints = 256;

    private readonly HashSet<string> _checkpoints = [];
    private string _container = "";

    public bool IsActive => _checkpoints.Count > 0;

    /// <summary>
    /// Begins a checkpoint; once this returns no connection is left. Returns how many watchers there are that may be the
    /// container's: those that were connected, and those expected back.
    /// </summary>
    public int Begin(string checkpoint, string container)
    {
        var isFirst = !IsActive;
        if (_checkpoints.Count < MaximumCheckpoints) _checkpoints.Add(checkpoint);
        if (isFirst) Close(container);
        return returning.CountFor(container);
    }

    /// <summary>Ends a checkpoint; one that was never begun is no error.</summary>
    public void End(string checkpoint)
    {
        if (_checkpoints.Remove(checkpoint) && !IsActive) Reopen();
    }

    /// <summary>Ends all checkpoints: nobody is left who could.</summary>
    public void EndAll()
    {
        if (!IsActive) return;
        _checkpoints.Clear();
        Reopen();
    }

    private void Close(string container)
    {
        pod.SetFlags(PageFlags.Quiesced, true);
        sockets.Close();

        // Acks that are on their way count. Waits end with their connections, unanswered: nobody became up to date.
        var connections = watchers.Settle();
        _container = container;
        control.CloseAll();

        // Before they are closed, so that their number is the same all the time: we disconnect them, they do not leave.
        returning.KeepDisconnected(container, connections);
        watchers.CloseAll();
        log.Write(LogLevel.Info, $"quiesced container={container} watchers={pod.Registry.Counts.Watchers}");
    }

    private void Reopen()
    {
        pod.SetFlags(PageFlags.Quiesced, false);
        returning.BeginGrace(_container);
        sockets.OpenOrRetry();
        log.Write(LogLevel.Info, $"resumed container={_container}");
    }
}
