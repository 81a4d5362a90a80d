using SysGenId.Core.Linux;

namespace SysGenId.Operator.Node.Sources.KernelLog;

/// <summary>The log of a kernel.</summary>
internal interface IKernelLog
{
    /// <summary>A reader that stands at the oldest line that is still there; null and why when there is none to be had.</summary>
    IKernelLogReader? TryOpen(out Errno error);
}
