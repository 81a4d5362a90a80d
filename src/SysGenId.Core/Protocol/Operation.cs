namespace SysGenId.Core.Protocol;

/// <summary>The operation names of the control and agent sockets.</summary>
internal static class Operation
{
    public const string Hello = "hello";

    // Control socket (pod) and agent socket (command line).
    public const string Get = "get";
    public const string Status = "status";
    public const string Watchers = "watchers";
    public const string WaitWatchers = "wait-watchers";
    public const string Force = "force";
    public const string History = "history";
    public const string ProveGate = "prove-gate";

    // Agent socket: from and to sidecars.
    public const string Register = "register";
    public const string Generation = "generation";
    public const string Published = "published";
    public const string Quiesce = "quiesce";
    public const string WatcherPeers = "watcher-peers";
    public const string Quiesced = "quiesced";
    public const string Resume = "resume";
    public const string ExpectWatchers = "expect-watchers";
    public const string Gate = "gate";
    public const string Stats = "stats";

    // Agent socket: from the hook.
    public const string Checkpointing = "checkpointing";
    public const string Checkpointed = "checkpointed";
    public const string Restored = "restored";
}
