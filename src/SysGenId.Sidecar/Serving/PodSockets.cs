using SysGenId.Core;
using SysGenId.Core.Linux;
using SysGenId.Core.Transport;
using SysGenId.Sidecar.Logging;

namespace SysGenId.Sidecar.Serving;

/// <summary>The pod's two sockets: there while connections are served, gone while not. Loop thread only.</summary>
internal sealed class PodSockets(EventLoop loop, string directory, Action<Descriptor> watch, Action<Descriptor> control, Log log)
{
    // Whoever can enter the directory may connect; what force asks for is checked of each peer.
    private const uint Everybody = 0x1B6; // 0666

    private static readonly TimeSpan _pauseBeforeRetry = TimeSpan.FromSeconds(1);

    private readonly string _watchPath = Path.Join(directory, SystemPaths.WatchSocketName);
    private readonly string _controlPath = Path.Join(directory, SystemPaths.ControlSocketName);
    private Listener? _watch;
    private Listener? _control;
    private LoopTimer? _retry;

    /// <summary>Finds out early what <see cref="Open"/> could not replace.</summary>
    /// <exception cref="IOException">Something that is not a socket is in the way.</exception>
    public void Check()
    {
        foreach (var path in new[] { _watchPath, _controlPath })
        {
            if (Files.TryStatus(path, out _) is { IsSocket: false }) throw new IOException($"{path} is not a socket. Remove it and start again.");
        }
    }

    /// <summary>Opens both; does nothing when they are open.</summary>
    /// <exception cref="LinuxException">Something that is not a socket is in the way, or the directory refuses.</exception>
    public void Open()
    {
        _retry?.Cancel();
        _watch ??= new Listener(loop, _watchPath, Everybody, watch);
        _control ??= new Listener(loop, _controlPath, Everybody, control);
    }

    /// <summary>Opens both, now or as soon as the directory lets us.</summary>
    public void OpenOrRetry()
    {
        try
        {
            Open();
        }
        catch (LinuxException failure)
        {
            log.Write(LogLevel.Error, $"sockets-failed reason={failure.Message}");
            _retry = loop.After(_pauseBeforeRetry, OpenOrRetry);
        }
    }

    /// <summary>Closes both; connections that wait unaccepted end.</summary>
    public void Close()
    {
        _retry?.Cancel();
        Close(ref _watch, _watchPath);
        Close(ref _control, _controlPath);
    }

    private void Close(ref Listener? listener, string path)
    {
        if (listener is null) return;
        listener.Dispose();
        listener = null;
        try
        {
            Files.Remove(path);
        }
        catch (LinuxException failure)
        {
            // Without a listener it refuses all the same.
            log.Write(LogLevel.Warning, $"socket-left path={path} reason={failure.Message}");
        }
    }
}
