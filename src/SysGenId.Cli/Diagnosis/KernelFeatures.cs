namespace SysGenId.Cli.Diagnosis;

/// <summary>What the running kernel was seen to do.</summary>
/// <param name="SharedFutex">A thread can wait on a word of a file mapped read-only.</param>
/// <param name="PidFd">A process can be held by descriptor (Linux 5.3).</param>
/// <param name="PeerPidFd">So can the process at the other end of a socket (Linux 6.5).</param>
internal sealed record KernelFeatures(bool SharedFutex, bool PidFd, bool PeerPidFd);
