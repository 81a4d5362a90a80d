using System.ComponentModel;
using System.Diagnostics;

namespace SysGenId.Cli.Diagnosis;

/// <summary>Runs other programs, with a time limit.</summary>
internal static class ProgramRunner
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(20);

    /// <summary>Runs a program to its end; null when there is none of that name, or it cannot be started.</summary>
    public static ProgramRun? Run(string program, params IReadOnlyList<string> arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true });
            if (process is null) return null;
            var output = process.StandardOutput.ReadToEndAsync();
            var errors = process.StandardError.ReadToEndAsync();
            if (process.WaitForExit(_limit)) return new ProgramRun(process.ExitCode, output.GetAwaiter().GetResult() + errors.GetAwaiter().GetResult());
            process.Kill(entireProcessTree: true);
            return new ProgramRun(-1, $"did not end within {_limit.TotalSeconds} s");
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
