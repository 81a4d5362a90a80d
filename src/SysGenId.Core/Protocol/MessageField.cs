namespace SysGenId.Core.Protocol;

/// <summary>The field names of messages, as they stand on the wire.</summary>
internal static class MessageField
{
    public const string Op = "op";
    public const string Ok = "ok";
    public const string Error = "error";
    public const string Text = "message";
    public const string Protocol = "protocol";
    public const string Role = "role";
    public const string Version = "version";
    public const string Directory = "dir";
    public const string Generation = "generation";
    public const string Minimum = "minimum";
    public const string MinimumGeneration = "minimumGeneration";
    public const string Id = "id";
    public const string Cause = "cause";
    public const string TimeNs = "timeNs";
    public const string GateProven = "gateProven";
    public const string AgentConnected = "agentConnected";
    public const string Quiesced = "quiesced";
    public const string Container = "container";
    public const string Count = "count";
    public const string Checkpoint = "checkpoint";
    public const string Watchers = "watchers";
    public const string Outdated = "outdated";
    public const string Expected = "expected";
    public const string InitPid = "initPid";
    public const string ImageDirectory = "imageDir";
    public const string Stage = "stage";
    public const string Policy = "policy";
    public const string TimeoutMs = "timeoutMs";
    public const string Record = "record";
}
