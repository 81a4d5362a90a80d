namespace SysGenId.Operator.Control.Certificates;

/// <summary>
/// Decides what becomes of the certificates. Pure: what it needs to know is in the certificates themselves, so that every
/// replica, also one that has just become the leader, decides the same.
/// </summary>
/// <remarks>
/// At no moment a certificate is served that an API server does not trust:
/// <code>
/// trusted  A          A, B                     A, B              B
/// served   a          a                        b                 b
///          due: B is  caBundle has been         served until all  a's have
///          added      A, B for the trust delay  that A issued     expired
/// </code>
/// </remarks>
internal sealed class CertificatePlan(IReadOnlyList<string> names, CertificateLifetimes lifetimes)
{
    /// <summary>The next step.</summary>
    /// <param name="stored">What the Secret holds; null when that is nothing of use.</param>
    /// <param name="served">What this replica had from it last; null when it had none yet.</param>
    /// <param name="trustedSince">Since when the stored bundle is in every caBundle; null while it is not.</param>
    /// <param name="now">The time.</param>
    public CertificateStep Next(CertificateSet? stored, CertificateSet? served, DateTimeOffset? trustedSince, DateTimeOffset now)
    {
        if (stored is null)
        {
            return served is not null && served.Serving.IsValid(now)
                ? Written(CertificateAction.Recover, CertificateAuthority.AddAuthority(served, lifetimes, now), now)
                : Written(CertificateAction.Found, CertificateAuthority.Found(names, lifetimes, now), now);
        }

        if (!stored.Newest.IsValid(now) || (!stored.IsRotating && !stored.Serving.IsValid(now) && IsDue(stored.Newest, now)))
            return Written(CertificateAction.Found, CertificateAuthority.Found(names, lifetimes, now), now);
        if (stored.IsRotating) return Rotating(stored, trustedSince, now);
        if (IsDue(stored.Newest, now)) return Written(CertificateAction.AddAuthority, CertificateAuthority.AddAuthority(stored, lifetimes, now), now);
        if (IsDue(stored.Serving, now)) return Written(CertificateAction.Renew, CertificateAuthority.Renew(stored, names, lifetimes, now), now);
        if (stored.Authorities.Length > 1 && now >= LastUse(stored)) return Written(CertificateAction.DropAuthorities, stored with { Authorities = [stored.Newest] }, now);
        return new(CertificateAction.Keep, stored, Soonest(stored));
    }

    private CertificateStep Rotating(CertificateSet stored, DateTimeOffset? trustedSince, DateTimeOffset now)
    {
        // Better a certificate that is perhaps not trusted than one that has certainly expired.
        var at = stored.Serving.UrgentAt;
        if (trustedSince is { } since && since + lifetimes.TrustDelay < at) at = since + lifetimes.TrustDelay;
        return now >= at || !stored.Serving.IsValid(now)
            ? Written(CertificateAction.UseAuthority, CertificateAuthority.Renew(stored, names, lifetimes, now), now)
            : new(CertificateAction.Keep, stored, at);
    }

    private CertificateStep Written(CertificateAction action, CertificateSet set, DateTimeOffset now) => new(action, set, now + lifetimes.TrustDelay);

    // A clock that was wrong when it was made is as good a reason as age.
    private static bool IsDue(PemCertificate certificate, DateTimeOffset now) => now < certificate.NotBefore || now >= certificate.DueAt;

    /// <summary>When the last certificate of an older authority has expired: its key was given up when the newest was made.</summary>
    private DateTimeOffset LastUse(CertificateSet set) => set.Newest.NotBefore + lifetimes.Backdating + lifetimes.Serving;

    private DateTimeOffset Soonest(CertificateSet set)
    {
        var soonest = set.Newest.DueAt < set.Serving.DueAt ? set.Newest.DueAt : set.Serving.DueAt;
        return set.Authorities.Length > 1 && LastUse(set) < soonest ? LastUse(set) : soonest;
    }
}
