namespace SysGenId.Operator.Observability;

/// <summary>How log events are written.</summary>
internal enum LogFormat
{
    /// <summary>A line for people.</summary>
    Text,

    /// <summary>A JSON object on a line, for programs.</summary>
    Json,
}
