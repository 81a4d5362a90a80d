namespace SysGenId.Cli.Diagnosis;

/// <summary>A program that was run to its end.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">All it said, on both outputs.</param>
internal sealed record ProgramRun(int ExitCode, string Output);
