using SysGenId.Core.Linux;

namespace SysGenId.Operator.Node.Checkpoints;

/// <summary>One run of CRIU: a pid may be given out again, a pid with its start time is not.</summary>
internal readonly record struct CriuProcess(int Pid, ulong StartTime)
{
    /// <summary>Whether it has not ended; a process that got its number later is another.</summary>
    public bool IsRunning => ProcessTable.Status(Pid)?.StartTime == StartTime;

    /// <summary>Names it on the wire.</summary>
    public override string ToString() => $"{Pid}@{StartTime}";
}
