using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SysGenId.Operator.Control.Certificates;

/// <summary>A certificate as text, and what of it decides when it is replaced.</summary>
internal sealed record PemCertificate(string Pem, string Thumbprint, DateTimeOffset NotBefore, DateTimeOffset NotAfter)
{
    public static PemCertificate Of(X509Certificate2 certificate) => new(
        certificate.ExportCertificatePem() + "\n",
        certificate.Thumbprint,
        certificate.NotBefore.ToUniversalTime(),
        certificate.NotAfter.ToUniversalTime());

    /// <summary>The first certificate of a text that holds one.</summary>
    public static PemCertificate Of(string pem)
    {
        using var certificate = X509Certificate2.CreateFromPem(pem);
        return Of(certificate);
    }

    /// <summary>Whether a failure to read a certificate or its key says that the text is useless: damaged, no pair, an unknown curve.</summary>
    public static bool IsUnreadable(Exception failure) => failure is CryptographicException or ArgumentException or NotSupportedException;

    public bool IsValid(DateTimeOffset now) => now >= NotBefore && now < NotAfter;

    /// <summary>When a third of its life is left.</summary>
    public DateTimeOffset DueAt => Left(3);

    /// <summary>When a tenth of its life is left.</summary>
    public DateTimeOffset UrgentAt => Left(10);

    private DateTimeOffset Left(int part) => NotAfter - ((NotAfter - NotBefore) / part);
}
