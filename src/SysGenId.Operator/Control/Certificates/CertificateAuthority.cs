using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SysGenId.Operator.Control.Certificates;

/// <summary>Makes keys and certificates: ECDSA on P-256, SHA-256.</summary>
internal static class CertificateAuthority
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    /// <summary>A first set, or one that has nothing to do with an earlier one.</summary>
    public static CertificateSet Found(IReadOnlyList<string> names, CertificateLifetimes lifetimes, DateTimeOffset now)
    {
        var (authority, key) = Create(lifetimes, now);
        var (serving, servingKey) = Issue(authority.Pem, key, names, lifetimes, now);
        return new CertificateSet { Authorities = [authority], AuthorityKey = key, Serving = serving, ServingKey = servingKey, Issuer = authority.Thumbprint };
    }

    /// <summary>The same set with another authority trusted as well, which issues from now on.</summary>
    public static CertificateSet AddAuthority(CertificateSet set, CertificateLifetimes lifetimes, DateTimeOffset now)
    {
        var (authority, key) = Create(lifetimes, now);
        return set with { Authorities = [authority, .. set.Authorities.Where(old => now < old.NotAfter)], AuthorityKey = key };
    }

    /// <summary>The same set with another serving certificate, by its newest authority.</summary>
    public static CertificateSet Renew(CertificateSet set, IReadOnlyList<string> names, CertificateLifetimes lifetimes, DateTimeOffset now)
    {
        var (serving, key) = Issue(set.Newest.Pem, set.AuthorityKey, names, lifetimes, now);
        return set with { Serving = serving, ServingKey = key, Issuer = set.Newest.Thumbprint };
    }

    private static (PemCertificate Certificate, string Key) Create(CertificateLifetimes lifetimes, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        // Another name each time: whoever verifies need not try one after the other.
        var request = new CertificateRequest($"CN=sysgenid-webhook-ca-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        using var certificate = request.CreateSelfSigned(now - lifetimes.Backdating, now + lifetimes.Authority);
        return (PemCertificate.Of(certificate), key.ExportPkcs8PrivateKeyPem() + "\n");
    }

    private static (PemCertificate Certificate, string Key) Issue(
        string authority, string authorityKey, IReadOnlyList<string> names, CertificateLifetimes lifetimes, DateTimeOffset now)
    {
        using var issuer = X509Certificate2.CreateFromPem(authority, authorityKey);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN=sysgenid-webhook", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ServerAuthentication)], critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(issuer, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names) alternatives.AddDnsName(name);
        request.CertificateExtensions.Add(alternatives.Build());
        var notAfter = now + lifetimes.Serving < issuer.NotAfter ? now + lifetimes.Serving : issuer.NotAfter;
        var notBefore = now - lifetimes.Backdating > issuer.NotBefore ? now - lifetimes.Backdating : issuer.NotBefore;
        using var certificate = request.Create(issuer, notBefore, notAfter, RandomNumberGenerator.GetBytes(16));
        return (PemCertificate.Of(certificate), key.ExportPkcs8PrivateKeyPem() + "\n");
    }
}
