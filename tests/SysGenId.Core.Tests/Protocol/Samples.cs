using SysGenId.Core.Generations;
using SysGenId.Core.Protocol;

namespace SysGenId.Core.Tests.Protocol;

/// <summary>One of each message on the wire, by the name of its golden file.</summary>
internal static class Samples
{
    private static readonly Guid _id = Guid.Parse("0f8fad5b-d9cb-469f-a165-70867728950e");
    private const long TimeNs = 1_790_000_000_123_456_789;

    public static CheckpointRecord Record { get; } = new()
    {
        Generation = 900,
        Id = _id,
        Node = "node-a",
        PodUid = "5d3bd6f4-6a4e-4f1c-9a43-0c0b2a1f7d11",
        PodNamespace = "shop",
        PodName = "cart-7d4b9c",
        Container = "3f2a",
        Watchers = 3,
        TimeNs = TimeNs,
    };

    public static MissedRestore Missed { get; } = new()
    {
        IsRefused = true,
        TimeNs = TimeNs,
        CriuPid = 4711,
        InitPid = 4242,
        Cgroups = "0::/kubepods/pod5d3bd6f4-6a4e-4f1c-9a43-0c0b2a1f7d11/3f2a\n",
        Reason = "nobody serves /run/sysgenid/node.sock",
        Record = Record,
    };

    public static IReadOnlyDictionary<string, Message> All { get; } = new Dictionary<string, Message>
    {
        // Any socket.
        ["hello"] = Message.Request(Operation.Hello) with { Protocol = 1 },
        ["hello.answer.node"] = Message.Success with { Protocol = 1, Role = "node", Version = "0.1.0" },
        ["hello.answer.pod"] = Message.Success with { Protocol = 1, Role = "pod", Version = "0.1.0" },
        ["success"] = Message.Success,
        ["failure"] = Message.Failure(ErrorCode.InvalidArgument, "field 'generation': expected an integer from 0 to 4294967295"),

        // Agent socket, sidecars.
        ["register"] = Message.Request(Operation.Register) with { Protocol = 1, Directory = "/run/sysgenid", Generation = 7, Id = _id },
        ["expect-watchers"] = Message.Request(Operation.ExpectWatchers) with { Container = "3f2a", Count = 3 },
        ["generation"] = Delivery,
        ["generation.minimum"] = Delivery with { Generation = 3, Minimum = 901, Cause = GenerationCause.ContainerRestored },
        ["published"] = Message.Request(Operation.Published) with { Id = _id, Generation = 901, Watchers = 3, Outdated = 3 },
        ["published.exhausted"] = Message.Request(Operation.Published) with
        {
            Id = _id,
            Generation = uint.MaxValue,
            Watchers = 3,
            Outdated = 0,
            Error = ErrorCode.GenerationExhausted,
        },
        ["quiesce"] = Message.Request(Operation.Quiesce) with { Checkpoint = "4711-98765", Container = "3f2a" },
        ["watcher-peers"] = Message.Request(Operation.WatcherPeers) with { Checkpoint = "4711-98765", Watchers = 253 },
        ["quiesced"] = Message.Request(Operation.Quiesced) with { Checkpoint = "4711-98765", Watchers = 3, Generation = 900, Id = _id },
        ["resume"] = Message.Request(Operation.Resume) with { Checkpoint = "4711-98765" },
        ["gate"] = Message.Request(Operation.Gate) with { GateProven = true },
        ["stats"] = Message.Request(Operation.Stats) with { Id = _id, Generation = 901, Watchers = 3, Outdated = 1 },

        // Agent socket, hook.
        ["checkpointing"] = Message.Request(Operation.Checkpointing) with { InitPid = 4242, ImageDirectory = "/proc/4711/fd/5" },
        ["checkpointing.answer"] = Message.Success with { Record = Record },
        ["checkpointed"] = Message.Request(Operation.Checkpointed),
        ["restored"] = Message.Request(Operation.Restored) with { Stage = "post-restore", InitPid = 4242, Record = Record },
        ["restored.unknown-origin"] = Message.Request(Operation.Restored) with { Stage = "pre-resume", InitPid = 4242 },
        ["restored.answer"] = Message.Success with { Generation = 901 },
        ["restored.failure"] = Message.Failure(ErrorCode.PublishTimeout, "the page of pod shop/cart-7d4b9c was not confirmed in 5000 ms") with { Policy = "Fail" },

        // Agent and control socket, command line.
        ["status"] = Message.Request(Operation.Status),
        ["force"] = Message.Request(Operation.Force) with { MinimumGeneration = 0x8000_0000 },
        ["force.answer"] = Message.Success with { Generation = 0x8000_0000, Id = _id },
        ["wait-watchers"] = Message.Request(Operation.WaitWatchers) with { TimeoutMs = 5000, Generation = uint.MaxValue },
        ["wait-watchers.answer"] = Message.Success with { Generation = uint.MaxValue },
        ["wait-watchers.timed-out"] = Message.Failure(ErrorCode.TimedOut, "2 watchers are outdated") with { Outdated = 2 },
        ["history"] = Message.Request(Operation.History),
        ["prove-gate"] = Message.Request(Operation.ProveGate),
        ["get"] = Message.Request(Operation.Get),
        ["get.answer"] = Message.Success with
        {
            Role = "pod",
            Generation = 901,
            Id = _id,
            Cause = GenerationCause.ContainerRestored,
            TimeNs = TimeNs,
            Watchers = 3,
            Outdated = 1,
            AgentConnected = true,
            IsQuiesced = false,
            GateProven = true,
        },
        ["watchers"] = Message.Request(Operation.Watchers),
        ["watchers.answer"] = Message.Success with { Generation = 901, Watchers = 3, Outdated = 1, Expected = 1 },
    };

    private static Message Delivery => Message.Request(Operation.Generation) with
    {
        Generation = 901,
        Id = _id,
        Cause = GenerationCause.Forced,
        TimeNs = TimeNs,
        GateProven = true,
    };
}
