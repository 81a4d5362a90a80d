using Microsoft.Extensions.Logging;
using SysGenId.Core;
using SysGenId.Core.Generations;
using SysGenId.Core.Protocol;
using SysGenId.Core.Transport;
using SysGenId.Operator.Node.Generations;
using SysGenId.Operator.Node.Peers;
using SysGenId.Operator.Node.Ports;
using SysGenId.Operator.Node.Sidecars;

namespace SysGenId.Operator.Node.Checkpoints;

/// <summary>
/// The restore side of the CRIU gate (S20, S21, S25, S26, S28). Loop thread only.
/// <code>
/// hook: restored -> 1 bump -> 2 node page -> 3 deliver to sidecars -> 4 pages that matter confirmed -> 5 answer
///                                                                  \-> publish timeout: policy  -> 5
/// </code>
/// CRIU holds the restored tasks stopped until 5.
/// </summary>
internal sealed class RestoreGate
{
    private const int FewSidecars = 8;

    private readonly Dictionary<CriuProcess, RestoreSession> _sessions = [];
    private readonly PublishedMarks _marks;
    private readonly EventLoop _loop;
    private readonly SidecarDirectory _sidecars;
    private readonly GenerationPublisher _publisher;
    private readonly EndedContainers _ended;
    private readonly NodeSettings _settings;
    private readonly NodeJournal _journal;
    private readonly string _socket;
    private readonly ILogger _log;

    public RestoreGate(
        EventLoop loop, SidecarDirectory sidecars, GenerationPublisher publisher, EndedContainers ended, NodeSettings settings, NodeJournal journal, string socket, ILogger log)
    {
        (_loop, _sidecars, _publisher, _ended, _settings, _journal, _socket, _log) = (loop, sidecars, publisher, ended, settings, journal, socket, log);
        _marks = new PublishedMarks(socket);
        sidecars.Changed += FinishPublished;
    }

    /// <summary>
    /// Goes the way of a restore without one, so that the first does not wait for the compiler: it took 10 ms and more.
    /// </summary>
    public void Rehearse()
    {
        var (self, change) = (Environment.ProcessId, _publisher.Node.Current);
        var call = new HookCall(CriuProcess.TryFind(self, out _) ?? default, self, Message.Request(Operation.Restored), _ => { });
        var session = new RestoreSession(call, change, 0) { Involvement = Involvement.Of(call, _sidecars) };
        var page = PageIdentity.TryFind(self, SystemPaths.Beside(_socket, SystemPaths.PageName));
        var mounts = new ContainerMounts(self);
        if (page is not null) mounts.Have(page);
        _ = new Delivery(change, null).ToLine(isGateProven: false);
        _sessions[call.Criu] = session;
        session.Timeout = _loop.After(_settings.PublishTimeout, () => { });
        session.Finish(Message.Success);
        FinishPublished();
        _sessions.Remove(call.Criu);
    }

    /// <summary>Post-restore, or pre-resume as the second chance: every task exists and none has run.</summary>
    public void Restored(HookCall call)
    {
        if (_sessions.TryGetValue(call.Criu, out var session))
        {
            session.Join(call.Reply);
            return;
        }

        var started = _loop.Clock.GetTimestamp();
        var failure = TryBump(call, out var change, out var isUnderWay);
        if (failure is not null)
        {
            _log.RestoreNotPublished(call.Container.ContainerId, call.Criu.ToString(), failure.Text!, _settings.RestoreFailurePolicy.ToString());
            _journal.NotPublished(_settings.RestoreFailurePolicy, call.Container.PodUid, call.Container.ContainerId, failure.Text!, _loop.Clock.GetElapsedTime(started));
            call.Reply(failure with { Policy = _settings.RestoreFailurePolicy.ToString() });
            return;
        }

        var involvement = Involvement.Of(call, _sidecars);
        session = new RestoreSession(call, change!, started) { Involvement = involvement };
        if (!isUnderWay) Deliver(session);
        _sessions[call.Criu] = session;
        session.Timeout = _loop.After(_settings.PublishTimeout, () => GiveUp(session));
        FinishIfPublished(session);

        // Only now: the sidecars are at work, and nobody waits for this.
        if (session.Result is not null) return;
        FollowCriu(session);
        Attribute(session);
    }

    // Not when one pod must be told something else, or something before: which watchers it has to expect.
    private bool IsForEverybody(HookCall call, GenerationChange change) =>
        _settings.RestoreScope == RestoreScope.Node && !(change.Minimum > change.Generation) && call.Request.Record is not { Watchers: > 0 };

    // A few sidecars are told in less time than the kernel needs to say whose turn it is.
    private SidecarLink[] LikelyFirst(HookCall call) => _sidecars.Links.Count <= FewSidecars ? [] : _sidecars.OfPod(call.Container.PodUid);

    private Message? TryBump(HookCall call, out GenerationChange? change, out bool isUnderWay)
    {
        (change, isUnderWay) = (null, false);
        if (call.Request.Record is { Generation: uint.MaxValue })
        {
            return Message.Failure(ErrorCode.GenerationExhausted, $"the checkpoint was taken at generation {uint.MaxValue}, the last: nothing can be newer.");
        }

        // What everybody gets leaves before we ask whose page matters: the sidecars publish while the kernel answers.
        var (draft, isSent) = (_publisher.Draft(GenerationCause.ContainerRestored) with { Minimum = call.Request.Record?.Generation + 1 }, false);
        change = _publisher.TryBump(draft, out var failure, change =>
        {
            isSent = IsForEverybody(call, change);
            if (isSent) _sidecars.DeliverToAll(change, LikelyFirst(call), null);
        });
        isUnderWay = isSent;
        return failure;
    }

    private void Deliver(RestoreSession session)
    {
        var (change, serving) = (session.Change, session.Involvement.Serving);
        Announce(session, serving);
        if (IsForPodOnly(session)) _sidecars.DeliverTo(serving, new Delivery(change, session.OwnMinimum));
        else _sidecars.DeliverToAll(change, serving, session.OwnMinimum);

        // Its sidecar may be starting again: it gets the same when it comes.
        var isAway = session.Involvement.HasPage && serving.Count == 0;
        if (isAway && session.Call.Container.PodUid is { } pod) _sidecars.Keep(pod, new Delivery(change, session.OwnMinimum));
    }

    // A checkpoint of ours restored in a container that cannot be told is everybody's matter.
    private bool IsForPodOnly(RestoreSession session) =>
        _settings.RestoreScope == RestoreScope.Pod && (session.Involvement.HasPage || session.Call.Request.Record is null);

    private void Announce(RestoreSession session, IReadOnlyCollection<SidecarLink> links)
    {
        if (session.Call.Request.Record is not { Watchers: > 0 } record) return;
        foreach (var link in links) link.Send(new Message { Op = Operation.ExpectWatchers, Container = session.Call.Instance, Count = record.Watchers });
        _ended.Track(session.Call, links);
    }

    private void FinishPublished()
    {
        foreach (var session in _sessions.Values.Where(session => session.Result is null).ToArray()) FinishIfPublished(session);
    }

    private void FinishIfPublished(RestoreSession session)
    {
        if (session.Involvement.Version != _sidecars.Version) LookAgain(session);
        if (PagesThatMatter(session) is not { } pages) return;
        if (pages.FirstOrDefault(link => link.Failure is not null && link.Target?.Change.Id == session.Change.Id) is { } failed)
        {
            _log.SidecarFailed(failed.Identity.Name, session.Change.Generation, failed.Failure!);
            Refuse(session, failed.Failure!, $"the sidecar of {failed.Identity.Name} could not publish");
        }
        else if (pages.All(link => link.IsConfirmed || link.Confirmed == session.Change.Id))
        {
            Finish(session, pages.Count);
        }
    }

    private void LookAgain(RestoreSession session)
    {
        // Of a page that is not where pages usually are, only its sidecar knows: that one waits until it is back.
        var known = session.Involvement;
        var found = Involvement.Of(session.Call, _sidecars);
        session.Involvement = found with { HasPage = found.HasPage || known.HasPage };
        var came = found.Serving.Except(known.Serving).ToArray();
        Announce(session, came);
        _sidecars.DeliverTo([.. came.Where(link => Lacks(link, session))], new Delivery(session.Change, session.OwnMinimum));
    }

    // A sidecar gets the newest change when it comes, but one that is not in a pod not those meant for its page alone.
    private static bool Lacks(SidecarLink link, RestoreSession session) =>
        link.Target is not { } target || target.Change.Generation < session.Change.Generation || session.OwnMinimum > (target.Minimum ?? 0);

    private void Finish(RestoreSession session, int pages)
    {
        var elapsed = _loop.Clock.GetElapsedTime(session.Started);
        Answer(session, new Message { Ok = true, Generation = session.Change.Generation, Id = session.Change.Id });
        Attribute(session);
        _publisher.Record();
        _journal.Published(elapsed);
        _log.Restored(
            session.Call.Container.ContainerId, session.Call.Criu.ToString(), session.Call.Request.Stage ?? "",
            session.Change.Generation, pages, (long)elapsed.TotalMicroseconds);
    }

    // Those of the restored container; all when the checkpoint is ours and the container cannot be told; none when it
    // is not ours. Null: its sidecar is away, so wait for it.
    private IReadOnlyCollection<SidecarLink>? PagesThatMatter(RestoreSession session)
    {
        if (session.Involvement.Serving.Count > 0) return session.Involvement.Serving;
        if (session.Involvement.HasPage) return null;
        return session.Call.Request.Record is null ? [] : _sidecars.Links;
    }

    private void GiveUp(RestoreSession session)
    {
        if (session.Result is not null) return;
        Refuse(session, ErrorCode.PublishTimeout, $"the pages that matter did not show generation {session.Change.Generation} within {_settings.PublishTimeout.TotalMilliseconds:0} ms; is the pod's sidecar running?");
    }

    private void Refuse(RestoreSession session, string code, string reason)
    {
        var policy = _settings.RestoreFailurePolicy.ToString();
        Attribute(session);
        _publisher.Node.Amend(session.Change.Id, ChangeOutcome.TimedOut, reason);
        _publisher.RecordSoon();
        _journal.NotPublished(
            _settings.RestoreFailurePolicy, session.PodUid, session.Call.Container.ContainerId, reason, _loop.Clock.GetElapsedTime(session.Started));
        _log.RestoreNotPublished(session.Call.Container.ContainerId, session.Call.Criu.ToString(), reason, policy);
        Answer(session, Message.Failure(code, reason) with { Policy = policy });
    }

    private void Answer(RestoreSession session, Message result)
    {
        session.Finish(result);

        // Before its end is followed: a CRIU that is gone already leaves no mark.
        if (result.Ok == true) _marks.Set(session.Call.Criu);
        if (session.Exit is null) FollowCriu(session);
    }

    private void Attribute(RestoreSession session)
    {
        if (session.IsAttributed) return;
        session.IsAttributed = true;
        _publisher.Attribute(session.Change, session.PodUid, session.Call.Container.ContainerId);
    }

    // Until its CRIU ends, a later call for the same restore gets the same answer; then nobody waits for one any more.
    private void FollowCriu(RestoreSession session)
    {
        session.Exit = ProcessExit.TryWatch(_loop, session.Call.Criu, () => Forget(session));
        if (session.Exit is null) Forget(session);
    }

    private void Forget(RestoreSession session)
    {
        session.Timeout?.Cancel();
        _sessions.Remove(session.Call.Criu);
        _marks.Unset(session.Call.Criu);
    }
}
