namespace SysGenId.Cli.Output;

/// <summary>For whom results are written.</summary>
internal enum OutputFormat
{
    /// <summary>For people; may change between versions.</summary>
    Text,

    /// <summary>For programs: one JSON object a line, fields are only ever added.</summary>
    Json,
}
