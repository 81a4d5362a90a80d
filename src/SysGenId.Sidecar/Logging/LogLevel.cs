namespace SysGenId.Sidecar.Logging;

/// <summary>How much is logged: a level and those before it.</summary>
internal enum LogLevel
{
    Error,
    Warning,
    Info,
    Debug,
}
