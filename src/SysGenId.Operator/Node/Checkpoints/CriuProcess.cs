using SysGenId.Core.Linux;

namespace SysGenId.Operator.Node.Checkpoints;

/// <summary>One run of CRIU: a pid may be given out again, a pid with its incarnation is not.</summary>
internal readonly record struct CriuProcess(int Pid, ulong Incarnation)
{
    /// <summary>The run that has this number now, and its parent's pid; null when there is none.</summary>
    public static CriuProcess? TryFind(int pid, out int parent)
    {
        parent = 0;
        using var process = PidFd.TryOpen(pid, out _);
        if (process is null || PidFd.Incarnation(process, pid) is not { } incarnation) return null;
        if (PidFd.Parent(process, pid) is not { } found) return null;
        parent = found;
        return new CriuProcess(pid, incarnation);
    }

    /// <summary>Whether it is this process, or one that got its number before or later.</summary>
    public bool Is(Descriptor process) => PidFd.Incarnation(process, Pid) == Incarnation;

    /// <summary>Names it on the wire.</summary>
    public override string ToString() => $"{Pid}@{Incarnation}";
}
