using System.Diagnostics;
using SysGenId.Operator.Node.HookInstallation;

namespace SysGenId.Operator.Node.Gate;

/// <summary>CRIU as a child of this process, which is how the agent knows the hook's calls as its own.</summary>
internal static class CriuProcessRun
{
    /// <summary>Runs it to its end: the exit code. Cancelled, it ends with all it has started.</summary>
    public static async Task<int> RunAsync(string criu, string[] arguments, CriuNamespace place, CancellationToken stop)
    {
        var start = new ProcessStartInfo(criu, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };

        // Only what every runtime's CRIU sees counts, not the configuration of the user who started the agent.
        start.Environment["HOME"] = null;
        start.Environment["CRIU_CONFIG_FILE"] = null;
        using var process = place.Run(() => Process.Start(start)!);
        try
        {
            process.StandardInput.Close();
            process.OutputDataReceived += (_, _) => { };
            process.ErrorDataReceived += (_, _) => { };
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            await process.WaitForExitAsync(stop).ConfigureAwait(false);
            return process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
