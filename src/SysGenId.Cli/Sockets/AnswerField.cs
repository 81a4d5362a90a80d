namespace SysGenId.Cli.Sockets;

/// <summary>The field names that stand in answers to the command line only.</summary>
internal static class AnswerField
{
    public const string Node = "node";
    public const string Sidecars = "sidecars";
    public const string Name = "name";
    public const string Quiesced = "quiesced";
    public const string Confirmed = "confirmed";
    public const string UpToDate = "upToDate";
    public const string RestoreScope = "restoreScope";
    public const string RestoreFailurePolicy = "restoreFailurePolicy";
    public const string PublishTimeoutMs = "publishTimeoutMs";
    public const string Gate = "gate";
    public const string Proven = "proven";
    public const string Message = "message";
    public const string State = "state";
    public const string Path = "path";
    public const string Writable = "writable";
    public const string Changes = "changes";
    public const string Outcome = "outcome";
    public const string Pod = "pod";
    public const string Sources = "sources";
    public const string Active = "active";
    public const string Reason = "reason";
    public const string Suspected = "suspected";
}
