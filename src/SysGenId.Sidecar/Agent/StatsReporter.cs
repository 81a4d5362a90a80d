using SysGenId.Core.Protocol;
using SysGenId.Core.Transport;
using SysGenId.Core.Watchers;
using SysGenId.Sidecar.Generations;
using SysGenId.Sidecar.Logging;

namespace SysGenId.Sidecar.Agent;

/// <summary>
/// Tells the agent how many watchers there are and how many are outdated: at once when the last of them is up to date or
/// when nothing was told lately, otherwise when a short while has passed. Allocates nothing but that timer.
/// </summary>
internal sealed class StatsReporter(EventLoop loop, AgentLink link, PodGeneration pod)
{
    private const int LineLength = 256;

    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(10);

    private WatcherCounts? _told;
    private long _toldAt;
    private bool _isPending;

    /// <summary>The agent was told these counts by another message.</summary>
    public void NoteTold(in WatcherCounts counts)
    {
        _told = counts;
        _toldAt = loop.Clock.GetTimestamp();
    }

    /// <summary>A new agent knows nothing.</summary>
    public void Reset() => _told = null;

    /// <summary>Something may have changed.</summary>
    public void Note()
    {
        if (!link.IsRegistered) return;
        var counts = pod.Registry.Counts;
        if (counts == _told) return;
        if (counts.Outdated == 0 || _told is null || loop.Clock.GetElapsedTime(_toldAt) >= _pause)
        {
            Tell(counts);
        }
        else if (!_isPending)
        {
            _isPending = true;
            loop.After(_pause, TellLater);
        }
    }

    private void TellLater()
    {
        _isPending = false;
        var counts = pod.Registry.Counts;
        if (link.IsRegistered && counts != _told) Tell(counts);
    }

    private void Tell(in WatcherCounts counts)
    {
        var line = new TextBuffer(stackalloc byte[LineLength]);
        line.Append($"{{\"{MessageField.Op}\":\"{Operation.Stats}\",\"{MessageField.Id}\":\"");
        line.Append(pod.LastDelivered);
        line.Append($"\",\"{MessageField.Generation}\":");
        line.Append(counts.Generation);
        line.Append($",\"{MessageField.Watchers}\":");
        line.Append(counts.Watchers);
        line.Append($",\"{MessageField.Outdated}\":");
        line.Append(counts.Outdated);
        line.Append("}");
        link.Send(line.EndLine());
        NoteTold(counts);
    }
}
