using SysGenId.Core.Protocol;
using SysGenId.Core.Transport;
using SysGenId.Operator.Node.Generations;

namespace SysGenId.Operator.Node.Checkpoints;

/// <summary>One restore: bumped once however often the hook calls (post-restore, pre-resume, again after a lost connection).</summary>
internal sealed class RestoreSession(HookCall call, GenerationChange change, long started)
{
    private readonly List<Action<Message>> _waiting = [call.Reply];

    public HookCall Call { get; } = call;

    /// <summary>The change it made; which pod and container it is about is asked for when nobody waits for that.</summary>
    public GenerationChange Change { get; } = change;

    public bool IsAttributed { get; set; }

    /// <summary>When the request came, in ticks of the clock.</summary>
    public long Started { get; } = started;

    /// <summary>Which pages matter, as of the last look.</summary>
    public required Involvement Involvement { get; set; }

    /// <summary>The pod it is about: whose page it has, else whose cgroup it is in; null outside pods.</summary>
    public string? PodUid => Involvement.PodUid ?? Call.Container.PodUid;

    /// <summary>The least generation the restored pod alone must reach; null when the node's is enough (S28).</summary>
    public uint? OwnMinimum => Change.Minimum > Change.Generation ? Change.Minimum : null;

    public ProcessExit? Exit { get; set; }

    public LoopTimer? Timeout { get; set; }

    /// <summary>The answer, once there is one.</summary>
    public Message? Result { get; private set; }

    /// <summary>Another call for the same restore: answered with the first, now or later.</summary>
    public void Join(Action<Message> reply)
    {
        if (Result is { } result) reply(result);
        else _waiting.Add(reply);
    }

    /// <summary>Answers everybody who waits, and who comes later.</summary>
    public void Finish(Message result)
    {
        Result = result;
        Timeout?.Cancel();
        foreach (var reply in _waiting) reply(result);
        _waiting.Clear();
    }
}
