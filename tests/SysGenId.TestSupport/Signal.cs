namespace SysGenId.TestSupport;

/// <summary>The signals tests send, with their numbers in signal(7).</summary>
internal enum Signal
{
    Kill = 9,
    Terminate = 15,
    Continue = 18,
    Stop = 19,
}
