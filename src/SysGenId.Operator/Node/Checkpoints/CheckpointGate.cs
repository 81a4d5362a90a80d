using Microsoft.Extensions.Logging;
using SysGenId.Core;
using SysGenId.Core.Linux;
using SysGenId.Core.Protocol;
using SysGenId.Core.Transport;
using SysGenId.Operator.Node.Ports;
using SysGenId.Operator.Node.Sidecars;

namespace SysGenId.Operator.Node.Checkpoints;

/// <summary>
/// The dump side of the CRIU gate (S22): closes the sockets of a container's pod before it is frozen, hands out the
/// record that travels with the checkpoint, and opens the sockets again when the dump is over, however it ended.
/// Loop thread only.
/// </summary>
internal sealed class CheckpointGate
{
    private readonly Dictionary<CriuProcess, CheckpointSession> _sessions = [];
    private readonly EventLoop _loop;
    private readonly SidecarDirectory _sidecars;
    private readonly EndedContainers _ended;
    private readonly NodeSettings _settings;
    private readonly NodeJournal _journal;
    private readonly NodeIdentity _node;
    private readonly ILogger _log;

    public CheckpointGate(
        EventLoop loop, SidecarDirectory sidecars, EndedContainers ended, NodeSettings settings, NodeJournal journal, NodeIdentity node, ILogger log)
    {
        (_loop, _sidecars, _ended, _settings, _journal, _node, _log) = (loop, sidecars, ended, settings, journal, node, log);
    }

    /// <summary>Pre-dump: nothing is frozen yet.</summary>
    public void Begin(HookCall call)
    {
        End(call.Criu, "begun again");
        var involvement = Involvement.Of(call, _sidecars);
        if (!involvement.HasPage)
        {
            call.Reply(Message.Success);
            return;
        }

        var session = new CheckpointSession(call);
        session.Exit = ProcessExit.TryWatch(_loop, call.Criu, () => End(call.Criu, "criu ended"));
        if (session.Exit is null) return;
        _sessions[call.Criu] = session;
        session.Timeout = _loop.After(_settings.PublishTimeout, () => GiveUp(session));
        foreach (var link in involvement.Serving) session.Ask(link);
    }

    /// <summary>Post-dump: the images are written.</summary>
    public void Finish(HookCall call)
    {
        End(call.Criu, "images written");
        call.Reply(Message.Success);
    }

    /// <summary>A sidecar shows the processes whose watchers it disconnected.</summary>
    public void Shown(SidecarLink link, Message message, IReadOnlyCollection<Descriptor> processes) =>
        Find(message.Checkpoint)?.Shown(link, processes);

    /// <summary>A sidecar has closed its sockets.</summary>
    public void Quiesced(SidecarLink link, Message answer)
    {
        if (Find(answer.Checkpoint) is not { } session) return;
        session.Answered(link, answer);
        AnswerWhenQuiet(session);
    }

    /// <summary>A sidecar came: perhaps the one that a checkpoint waits for.</summary>
    public void Registered(SidecarLink link)
    {
        foreach (var session in _sessions.Values)
        {
            if (!session.HasAsked(link) && Involvement.Of(session.Call, _sidecars).Serving.Contains(link)) session.Ask(link);
        }
    }

    /// <summary>A sidecar went; its sockets went with it.</summary>
    public void Gone(SidecarLink link)
    {
        foreach (var session in _sessions.Values) session.Forget(link);
    }

    private CheckpointSession? Find(string? checkpoint) =>
        _sessions.Values.FirstOrDefault(session => session.Call.Criu.ToString() == checkpoint);

    private void AnswerWhenQuiet(CheckpointSession session)
    {
        if (session.IsAnswered || !session.IsQuiet) return;
        session.IsAnswered = true;
        session.Timeout?.Cancel();
        var record = session.Record(_node, _loop.Clock.UnixNanoseconds());
        _log.Checkpointing(record.Container, session.Call.Criu.ToString(), session.Sidecars, record.Watchers);
        _journal.Checkpointed(isRecorded: true);
        session.Call.Reply(new Message { Ok = true, Record = record });
    }

    private void GiveUp(CheckpointSession session)
    {
        if (session.IsAnswered) return;
        session.IsAnswered = true;
        _journal.Checkpointed(isRecorded: false);
        const string Reason = "the sidecar of this container did not close its sockets in time; is it running?";
        session.Call.Reply(Message.Failure(ErrorCode.PublishTimeout, Reason) with { Policy = _settings.RestoreFailurePolicy.ToString() });
    }

    private void End(CriuProcess criu, string reason)
    {
        if (!_sessions.Remove(criu, out var session)) return;
        session.Exit?.Dispose();
        session.Timeout?.Cancel();
        var asked = _sidecars.Links.Where(session.HasAsked).ToArray();
        foreach (var link in asked)
        {
            link.IsQuiesced = _sessions.Values.Any(other => other.HasAsked(link));
            link.Send(new Message { Op = Operation.Resume, Checkpoint = criu.ToString() });
        }

        // If it is not to run on, CRIU ends it now.
        _ended.Track(session.Call, asked);
        _log.CheckpointOver(criu.ToString(), reason);
    }
}
