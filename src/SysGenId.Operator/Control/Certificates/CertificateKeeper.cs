using System.Runtime.ExceptionServices;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;
using SysGenId.Operator.Api;
using SysGenId.Operator.Cluster;

namespace SysGenId.Operator.Control.Certificates;

/// <summary>The leader's part: keeps the Secret and the caBundles as <see cref="CertificatePlan"/> wants them.</summary>
internal sealed class CertificateKeeper
{
    private readonly ClusterConnection _cluster;
    private readonly CertificateOptions _options;
    private readonly CertificateStore _store;
    private readonly CertificatePlan _plan;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly ObjectWatch<V1MutatingWebhookConfiguration> _configurations;
    private readonly ReconcileLoop _loop;
    private (string Bundle, DateTimeOffset Since)? _trusted;
    private bool _isMissingTold;

    /// <param name="cluster">The leader's connection.</param>
    /// <param name="options">Checked ones.</param>
    /// <param name="store">What the Secret holds, watched by somebody else.</param>
    /// <param name="metrics">Counts rounds.</param>
    /// <param name="clock">Certificates expire on it.</param>
    /// <param name="chance">Where chance comes from.</param>
    /// <param name="log">Where changes are told.</param>
    public CertificateKeeper(
        ClusterConnection cluster, CertificateOptions options, CertificateStore store, IReconcileMetrics metrics, TimeProvider clock, Random chance, ILogger log)
    {
        (_cluster, _options, _store, _clock, _log) = (cluster, options, store, clock, log);
        _plan = new CertificatePlan(options.Names, options.Lifetimes);
        _configurations = new(cluster, new ObjectSelection { Name = options.WebhookConfiguration }, clock, chance, log);
        _loop = new ReconcileLoop("certificates", clock, chance, metrics, log);
    }

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        _store.Changed += _loop.Wake;
        _configurations.Changed += Wake;
        var watch = _configurations.RunAsync(cancellation);
        try
        {
            await Task.WhenAll(_store.Synced, _configurations.Synced).WaitAsync(cancellation).ConfigureAwait(false);
            await _loop.RunAsync(RoundAsync, cancellation).ConfigureAwait(false);
        }
        finally
        {
            _store.Changed -= _loop.Wake;
            await watch.ConfigureAwait(false);
        }
    }

    private void Wake(ObjectChange<V1MutatingWebhookConfiguration> change) => _loop.Wake();

    private async Task<ReconcileRound> RoundAsync(CancellationToken cancellation)
    {
        // In this order: what is not in every caBundle yet is not to be served.
        var now = _clock.GetUtcNow();
        var stored = _store.Read().Set;
        var (isChanged, untrusted) = (false, (ExceptionDispatchInfo?)null);
        try
        {
            isChanged = stored is not null && await TrustAsync(stored, now, cancellation).ConfigureAwait(false);
        }
        catch (Exception failure) when (ApiFault.Of(failure, cancellation) is not null)
        {
            // No reason to let the certificate expire.
            untrusted = ExceptionDispatchInfo.Capture(failure);
        }

        var step = _plan.Next(stored, _store.Served, stored is null ? null : TrustedSince(stored), now);
        if (step.Action != CertificateAction.Keep) await WriteAsync(step, cancellation).ConfigureAwait(false);
        untrusted?.Throw();
        isChanged |= step.Action != CertificateAction.Keep;
        return new(isChanged ? ReconcileResult.Changed : ReconcileResult.Unchanged, step.LookAgain - now);
    }

    /// <summary>Writes the bundle where it is missing; true if it had to.</summary>
    private async Task<bool> TrustAsync(CertificateSet stored, DateTimeOffset now, CancellationToken cancellation)
    {
        if (_configurations.Objects.Values.FirstOrDefault() is not { } configuration)
        {
            // Nobody calls us, so nobody must hear of an authority before it is used.
            if (!_isMissingTold) _log.ConfigurationMissing(_options.WebhookConfiguration);
            (_isMissingTold, _trusted) = (true, (stored.Bundle, DateTimeOffset.MinValue));
            return false;
        }

        _isMissingTold = false;
        var outdated = WebhookTrust.Outdated(configuration, stored.Bundle);
        if (outdated.Count == 0)
        {
            if (_trusted?.Bundle != stored.Bundle || _trusted?.Since == DateTimeOffset.MinValue) _trusted = (stored.Bundle, now);
            return false;
        }

        _trusted = null;
        var path = ResourceAddress.Object<V1MutatingWebhookConfiguration>(null, _options.WebhookConfiguration) + $"?fieldManager={ApiNames.ControllerManager}";
        var patch = WebhookTrust.Patch(configuration, outdated, stored.Bundle);
        await _cluster.SendAsync<V1MutatingWebhookConfiguration>(HttpMethod.Patch, path, patch, cancellation).ConfigureAwait(false);
        _log.Trusted(outdated.Count, _options.WebhookConfiguration, stored.Authorities.Length);
        return true;
    }

    private DateTimeOffset? TrustedSince(CertificateSet stored) => _trusted is { } trusted && trusted.Bundle == stored.Bundle ? trusted.Since : null;

    private async Task WriteAsync(CertificateStep step, CancellationToken cancellation)
    {
        var data = SecretData.Write(step.Set);
        if (_store.Secret is not { } there)
        {
            await _cluster.CoreV1.CreateNamespacedSecretAsync(New(data), _options.Namespace, fieldManager: ApiNames.ControllerManager, cancellationToken: cancellation)
                .ConfigureAwait(false);
        }
        else
        {
            // With the resource version that was read: whoever wrote meanwhile is not overwritten unseen.
            var secret = new V1Secret { Metadata = there.Metadata, Type = there.Type, Immutable = there.Immutable, Data = data };
            await _cluster.CoreV1.ReplaceNamespacedSecretAsync(
                secret, _options.Secret, _options.Namespace, fieldManager: ApiNames.ControllerManager, cancellationToken: cancellation).ConfigureAwait(false);
        }

        _log.Written($"{_options.Namespace}/{_options.Secret}", step.Action, step.Set.Authorities.Length, step.Set.Serving.NotAfter);
    }

    private V1Secret New(Dictionary<string, byte[]> data) => new()
    {
        Metadata = new V1ObjectMeta
        {
            Name = _options.Secret,
            NamespaceProperty = _options.Namespace,
            Labels = new Dictionary<string, string> { ["app.kubernetes.io/name"] = "sysgenid", ["app.kubernetes.io/managed-by"] = ApiNames.ControllerManager },
        },
        Type = "kubernetes.io/tls",
        Data = data,
    };
}
