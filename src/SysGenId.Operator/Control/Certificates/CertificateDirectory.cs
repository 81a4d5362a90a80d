using Microsoft.Extensions.Logging;

namespace SysGenId.Operator.Control.Certificates;

/// <summary>
/// Certificates that somebody else keeps, such as cert-manager, mounted as files. Looked at every few seconds: the kubelet
/// replaces all files of a mounted Secret at once by turning a symbolic link, which watchers of the files do not see.
/// </summary>
internal sealed class CertificateDirectory(string path, ServingCertificate serving, TimeProvider clock, ILogger log)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private string? _fault;

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var ticks = new PeriodicTimer(Interval, clock);
        try
        {
            do Load();
            while (await ticks.WaitForNextTickAsync(cancellation).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // As asked.
        }
    }

    private void Load()
    {
        var fault = TryLoad();
        if (fault is not null && fault != _fault) log.Unusable(path, fault);
        _fault = fault;
    }

    private string? TryLoad()
    {
        try
        {
            var pem = File.ReadAllText(Path.Join(path, SecretData.ServingCertificate));
            var key = File.ReadAllText(Path.Join(path, SecretData.ServingKey));
            if (serving.TryUse(pem, key, out var fault)) log.Loaded(PemCertificate.Of(pem).Thumbprint, path, serving.NotAfter!.Value);
            return fault;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return failure.Message;
        }
    }
}
