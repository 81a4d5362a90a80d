using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace SysGenId.Operator.Control.Certificates;

/// <summary>The certificate that TLS handshakes use, which changes while the server runs. Thread-safe.</summary>
internal sealed class ServingCertificate
{
    private sealed record Loaded(string Pem, string Key, DateTimeOffset NotAfter, SslServerAuthenticationOptions Options);

    private volatile Loaded? _loaded;

    /// <summary>When it ends; null while there is none.</summary>
    public DateTimeOffset? NotAfter => _loaded?.NotAfter;

    /// <summary>For the next handshake.</summary>
    /// <exception cref="AuthenticationException">There is no certificate yet.</exception>
    public SslServerAuthenticationOptions Options => _loaded?.Options ?? throw new AuthenticationException("No serving certificate is loaded yet.");

    /// <summary>Uses another certificate from the next handshake on.</summary>
    /// <param name="pem">The certificate, then the intermediate ones.</param>
    /// <param name="key">Its key, in PEM.</param>
    /// <param name="fault">A sentence when it cannot be used; the one before stays.</param>
    /// <returns>True if it is another one now; false also when it is the same as before.</returns>
    public bool TryUse(string pem, string key, out string? fault)
    {
        fault = null;
        if (_loaded is { } before && before.Pem == pem && before.Key == key) return false;
        try
        {
            // Not disposed when it is replaced: handshakes may be under way with it.
            var certificate = X509Certificate2.CreateFromPem(pem, key);
            var chain = new X509Certificate2Collection();
            chain.ImportFromPem(pem);
            chain.RemoveAt(0);
            _loaded = new Loaded(pem, key, certificate.NotAfter.ToUniversalTime(), new SslServerAuthenticationOptions
            {
                ServerCertificateContext = SslStreamCertificateContext.Create(certificate, chain, offline: true),
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            });
            return true;
        }
        catch (Exception failure) when (PemCertificate.IsUnreadable(failure))
        {
            fault = $"the certificate and its key cannot be used together: {failure.Message}";
            return false;
        }
    }
}
