using k8s.Models;
using Microsoft.Extensions.Logging;
using SysGenId.Operator.Cluster;

namespace SysGenId.Operator.Control.Certificates;

/// <summary>
/// The Secret as this replica sees it. Every replica serves what is in it, as soon as it is; what is of no use is told in
/// the log and changes nothing. Reading is thread-safe.
/// </summary>
internal sealed class CertificateStore
{
    private readonly string _name;
    private readonly string _host;
    private readonly ServingCertificate _serving;
    private readonly ObjectWatch<V1Secret> _watch;
    private readonly ILogger _log;
    private volatile CertificateSet? _served;

    public CertificateStore(
        ClusterConnection cluster, string inNamespace, string name, string host, ServingCertificate serving, TimeProvider clock, Random chance, ILogger log)
    {
        (_name, _host, _serving, _log) = ($"Secret {inNamespace}/{name}", host, serving, log);
        _watch = new ObjectWatch<V1Secret>(cluster, new ObjectSelection { Namespace = inNamespace, Name = name }, clock, chance, log);
        _watch.Changed += Take;
    }

    /// <summary>Raised after the Secret changed.</summary>
    public event Action? Changed;

    /// <summary>Completes when it is known what the Secret holds, or that there is none.</summary>
    public Task Synced => _watch.Synced;

    /// <summary>The Secret; null when there is none.</summary>
    public V1Secret? Secret => _watch.Objects.Values.FirstOrDefault();

    /// <summary>What it held when it was last of use.</summary>
    public CertificateSet? Served => _served;

    /// <summary>What it holds, or why that is of no use.</summary>
    public CertificateReading Read() => Secret is { } secret ? SecretData.Read(secret.Data, _host) : new CertificateReading(null, "it does not exist.");

    /// <summary>Runs until cancelled.</summary>
    public Task RunAsync(CancellationToken cancellation) => _watch.RunAsync(cancellation);

    private void Take(ObjectChange<V1Secret> change)
    {
        var (set, fault) = Read();
        if (set is not null)
        {
            if (_serving.TryUse(set.Serving.Pem, set.ServingKey, out fault)) _log.Loaded(set.Serving.Thumbprint, _name, set.Serving.NotAfter);
            if (fault is null) _served = set;
        }

        if (fault is not null) _log.Unusable(_name, fault);
        Changed?.Invoke();
    }
}
