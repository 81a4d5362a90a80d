using Microsoft.Extensions.Logging;
using SysGenId.Core.Transport;
using SysGenId.Operator.Node.Generations;
using SysGenId.Operator.Node.Ports;
using SysGenId.Operator.Node.Sidecars;

namespace SysGenId.Operator.Node.Sources;

/// <summary>
/// Follows changes until every connected sidecar has answered for them. Nobody is held up: a machine that was restored runs
/// already. Loop thread only.
/// </summary>
internal sealed class Publications
{
    private readonly EventLoop _loop;
    private readonly SidecarDirectory _sidecars;
    private readonly NodeSettings _settings;
    private readonly NodeJournal _journal;
    private readonly ILogger _log;
    private readonly List<Publication> _open = [];

    public Publications(EventLoop loop, SidecarDirectory sidecars, NodeSettings settings, NodeJournal journal, ILogger log)
    {
        (_loop, _sidecars, _settings, _journal, _log) = (loop, sidecars, settings, journal, log);
        sidecars.Changed += FinishPublished;
    }

    /// <summary>Follows a change that was sent to all.</summary>
    /// <param name="change">The change.</param>
    /// <param name="noticedAt">When its event was read, in ticks of the loop's clock.</param>
    /// <param name="published">Called at the end.</param>
    public void Follow(GenerationChange change, long noticedAt, Action<GenerationChange>? published)
    {
        var publication = new Publication(change, noticedAt, published);
        publication.Overdue = _loop.After(_settings.PublishTimeout, () => Complain(publication));
        _open.Add(publication);
        FinishPublished();
    }

    // A sidecar gets the newest change only: when it has answered for that, it has for all before.
    private void FinishPublished()
    {
        if (_open.Count == 0 || !_sidecars.Links.All(HasAnswered)) return;
        var done = _open.ToArray();
        _open.Clear();
        foreach (var publication in done) Finish(publication);
    }

    private static bool HasAnswered(SidecarLink link) => link.IsConfirmed || link.Failure is not null;

    private void Finish(Publication publication)
    {
        publication.Overdue?.Cancel();
        var elapsed = _loop.Clock.GetElapsedTime(publication.NoticedAt);
        _journal.MachineEventPublished(elapsed);
        _log.MachineEventPublished(publication.Change.Generation, _sidecars.Links.Count, (long)elapsed.TotalMicroseconds);
        publication.Published?.Invoke(publication.Change);
    }

    private void Complain(Publication publication)
    {
        foreach (var link in _sidecars.Links.Where(link => !HasAnswered(link)))
        {
            _log.MachineEventUnconfirmed(publication.Change.Generation, link.Identity.Name, (long)_settings.PublishTimeout.TotalMilliseconds);
        }
    }

    private sealed record Publication(GenerationChange Change, long NoticedAt, Action<GenerationChange>? Published)
    {
        public LoopTimer? Overdue { get; set; }
    }
}
