using SysGenId.TestSupport;

namespace SysGenId.Samples.Tests.Running;

/// <summary>A sample that runs, as samples/run.sh runs it: lines go in, lines come out.</summary>
internal sealed class SampleProcess : IAsyncDisposable
{
    private readonly ChildProcess _process;

    // The build has made the programs in C#; building them once more here would only cost time.
    public SampleProcess(string directory, string name, string language, IEnumerable<string> arguments) =>
        _process = ChildProcess.Start("env", [
            $"SYSGENID_DIR={directory}", "SYSGENID_SAMPLES_BUILT=1",
            Path.Combine(ToolPaths.Repository, "samples", "run.sh"), name, language, .. arguments]);

    private string[] Lines => _process.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Presses Enter.</summary>
    public async Task EnterAsync()
    {
        await _process.Input.WriteLineAsync();
        await _process.Input.FlushAsync();
    }

    /// <summary>Waits until it has said a line that begins so, for the given time; returns the whole line.</summary>
    public async Task<string> SaysAsync(string beginning, int times = 1)
    {
        try
        {
            return await Eventually.ReturnsAsync(
                () => Lines.Where(line => line.StartsWith(beginning, StringComparison.Ordinal)).Skip(times - 1).FirstOrDefault()
                    ?? (_process.HasExited ? throw new InvalidOperationException($"It ended without `{beginning}`:\n{_process.Evidence}") : null),
                what: $"line {times} that begins with `{beginning}`");
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"{late.Message}\n{_process.Evidence}", late);
        }
    }

    /// <summary>What it complained about.</summary>
    public string Errors => _process.Output + _process.Errors;

    /// <summary>How many lines it has said that begin so.</summary>
    public int Count(string beginning) => Lines.Count(line => line.StartsWith(beginning, StringComparison.Ordinal));

    /// <summary>Ends its input; returns its exit code.</summary>
    public async Task<int> EndAsync()
    {
        _process.Input.Close();
        await _process.ExitAsync();
        return _process.ExitCode;
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
