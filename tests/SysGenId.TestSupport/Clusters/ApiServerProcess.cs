namespace SysGenId.TestSupport.Clusters;

/// <summary>
/// A real Kubernetes API server that lives as long as this object: a program that prints
/// <c>READY kubeconfig=FILE</c> once it serves, on a free port, with a store of its own.
/// </summary>
internal sealed class ApiServerProcess : IAsyncDisposable
{
    private const string Ready = "READY kubeconfig=";

    /// <summary>Where it is put when nothing else is said.</summary>
    private const string DefaultProgram = "/opt/test-cluster/test-apiserver";

    private readonly ChildProcess _process;

    private ApiServerProcess(ChildProcess process, string kubeconfig)
    {
        _process = process;
        Kubeconfig = kubeconfig;
    }

    /// <summary>The program that SYSGENID_TEST_APISERVER names, or the usual one where it is there; null: there is none.</summary>
    public static string? Program { get; } =
        Environment.GetEnvironmentVariable("SYSGENID_TEST_APISERVER") is { Length: > 0 } named ? named
        : File.Exists(DefaultProgram) ? DefaultProgram : null;

    /// <summary>A file with a context per user; the current one may do anything.</summary>
    public string Kubeconfig { get; }

    /// <summary>What it printed, for the message of a test that failed.</summary>
    public string Evidence => _process.Evidence;

    /// <summary>Starts it and returns once every request works.</summary>
    public static async Task<ApiServerProcess> StartAsync(params IEnumerable<string> flags)
    {
        var process = ChildProcess.Start(Program ?? throw new InvalidOperationException("There is no test API server."), flags);
        try
        {
            await Eventually.HoldsAsync(() => process.HasExited || process.Output.Contains(Ready, StringComparison.Ordinal), TimeSpan.FromMinutes(1));
            var line = process.Output.Split('\n').FirstOrDefault(line => line.StartsWith(Ready, StringComparison.Ordinal))
                ?? throw new InvalidOperationException($"The test API server did not start:\n{process.Evidence}");
            return new ApiServerProcess(process, line[Ready.Length..].Trim());
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops it in good order, so that it takes its store and its files with it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) await _process.StopAsync();
        await _process.DisposeAsync();
    }
}
