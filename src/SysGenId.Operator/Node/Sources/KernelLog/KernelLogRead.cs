using SysGenId.Core.Linux;

namespace SysGenId.Operator.Node.Sources.KernelLog;

/// <summary>What one read of a kernel's log came to.</summary>
/// <param name="Outcome">What.</param>
/// <param name="Length">Of the record, in bytes.</param>
/// <param name="Error">Why it failed.</param>
internal readonly record struct KernelLogRead(KernelLogOutcome Outcome, int Length = 0, Errno Error = Errno.None);
