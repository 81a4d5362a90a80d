using System.Collections.Immutable;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace SysGenId.Operator.Control.Certificates;

/// <summary>A <see cref="CertificateSet"/> as the data of a Secret, and back. What is read may be anything.</summary>
internal static class SecretData
{
    public const string AuthorityCertificates = "ca.crt";
    public const string AuthorityKey = "ca.key";
    public const string ServingCertificate = "tls.crt";
    public const string ServingKey = "tls.key";

    /// <summary>More authorities than any rotation leaves behind.</summary>
    private const int MostAuthorities = 16;

    public static Dictionary<string, byte[]> Write(CertificateSet set) => new()
    {
        [AuthorityCertificates] = Encoding.ASCII.GetBytes(set.Bundle),
        [AuthorityKey] = Encoding.ASCII.GetBytes(set.AuthorityKey),
        [ServingCertificate] = Encoding.ASCII.GetBytes(set.Serving.Pem),
        [ServingKey] = Encoding.ASCII.GetBytes(set.ServingKey),
    };

    /// <summary>Reads data that may be incomplete, damaged or somebody else's. Expiry is no fault here.</summary>
    /// <param name="data">The Secret's; null when it has none.</param>
    /// <param name="name">The name that API servers ask the webhook for.</param>
    public static CertificateReading Read(IDictionary<string, byte[]>? data, string name)
    {
        if (data is null || data.Count == 0) return new(null, "it is empty.");
        foreach (var key in new[] { AuthorityCertificates, AuthorityKey, ServingCertificate, ServingKey })
        {
            if (!data.ContainsKey(key)) return new(null, $"it has no {key}.");
        }

        var texts = data.ToDictionary(entry => entry.Key, entry => Encoding.ASCII.GetString(entry.Value));
        return Authorities(texts, out var authorities) is { } fault ? new(null, fault) : Serving(texts, [.. authorities], name);
    }

    private static string? Authorities(Dictionary<string, string> texts, out List<X509Certificate2> authorities)
    {
        authorities = [];
        try
        {
            var read = new X509Certificate2Collection();
            read.ImportFromPem(texts[AuthorityCertificates]);
            if (read.Count is 0 or > MostAuthorities) return $"{AuthorityCertificates} must hold 1 to {MostAuthorities} certificates, not {read.Count}.";
            authorities.AddRange(read);
            using var signing = X509Certificate2.CreateFromPem(read[0].ExportCertificatePem(), texts[AuthorityKey]);
            using var key = signing.GetECDsaPrivateKey();
            if (key is null) return $"{AuthorityKey} is not an ECDSA key.";
            return IsAuthority(signing) ? null : $"the first certificate of {AuthorityCertificates} is not an authority's.";
        }
        catch (Exception e) when (PemCertificate.IsUnreadable(e))
        {
            return $"{AuthorityCertificates} and {AuthorityKey} cannot be read together: {e.Message}";
        }
    }

    private static CertificateReading Serving(Dictionary<string, string> texts, ImmutableArray<X509Certificate2> authorities, string name)
    {
        try
        {
            using var serving = X509Certificate2.CreateFromPem(texts[ServingCertificate], texts[ServingKey]);
            if (!serving.MatchesHostname(name)) return new(null, $"{ServingCertificate} is not for {name}.");
            var issuer = authorities.FirstOrDefault(authority => IsIssuer(authority, serving));
            if (issuer is null) return new(null, $"{ServingCertificate} was issued by no authority in {AuthorityCertificates}.");
            return new(
                new CertificateSet
                {
                    Authorities = [.. authorities.Select(PemCertificate.Of)],
                    AuthorityKey = texts[AuthorityKey],
                    Serving = PemCertificate.Of(serving),
                    ServingKey = texts[ServingKey],
                    Issuer = issuer.Thumbprint,
                },
                null);
        }
        catch (Exception e) when (PemCertificate.IsUnreadable(e))
        {
            return new(null, $"{ServingCertificate} and {ServingKey} cannot be read together: {e.Message}");
        }
    }

    private static bool IsAuthority(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(constraints => constraints.CertificateAuthority);

    // By signature, whatever the time: a set that has expired is still one.
    private static bool IsIssuer(X509Certificate2 authority, X509Certificate2 serving)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationFlags = X509VerificationFlags.IgnoreNotTimeValid;
        return chain.Build(serving) && chain.ChainElements[^1].Certificate.Thumbprint == authority.Thumbprint;
    }
}
