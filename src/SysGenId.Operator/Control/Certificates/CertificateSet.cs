using System.Collections.Immutable;

namespace SysGenId.Operator.Control.Certificates;

/// <summary>All that the Secret holds: whom API servers trust, and what the webhook serves. The parts belong together.</summary>
internal sealed record CertificateSet
{
    /// <summary>Authorities that are trusted, the newest first; only of that one the key is kept.</summary>
    public required ImmutableArray<PemCertificate> Authorities { get; init; }

    public required string AuthorityKey { get; init; }

    public required PemCertificate Serving { get; init; }

    public required string ServingKey { get; init; }

    /// <summary>The thumbprint of the authority that issued the serving certificate.</summary>
    public required string Issuer { get; init; }

    public PemCertificate Newest => Authorities[0];

    /// <summary>The newest authority is trusted but not yet used: the first half of its rotation.</summary>
    public bool IsRotating => Issuer != Newest.Thumbprint;

    /// <summary>What goes into every caBundle.</summary>
    public string Bundle => string.Concat(Authorities.Select(authority => authority.Pem));

    public bool IsSame(CertificateSet other) =>
        Bundle == other.Bundle && AuthorityKey == other.AuthorityKey && Serving == other.Serving && ServingKey == other.ServingKey;
}
