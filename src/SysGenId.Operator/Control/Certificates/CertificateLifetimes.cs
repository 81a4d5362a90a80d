namespace SysGenId.Operator.Control.Certificates;

/// <summary>How long the webhook's certificates live. Immutable; check <see cref="Faults"/> before use.</summary>
internal sealed record CertificateLifetimes
{
    /// <summary>The serving certificate, renewed when a third is left: 10 s to a year, default 90 days.</summary>
    public TimeSpan Serving { get; init; } = TimeSpan.FromDays(90);

    /// <summary>The authority, rotated when a third is left: from three times the serving certificate's, default three years.</summary>
    public TimeSpan Authority { get; init; } = TimeSpan.FromDays(3 * 365);

    /// <summary>How far certificates begin in the past, for API servers whose clock is behind.</summary>
    public TimeSpan Backdating => Least(TimeSpan.FromHours(1), Serving / 10);

    /// <summary>How long a new authority is in every caBundle before the first certificate of it is served: API servers hear of it by watch.</summary>
    public TimeSpan TrustDelay => Least(TimeSpan.FromMinutes(1), Serving / 10);

    /// <summary>Everything that is wrong, each a sentence; empty when the options can be used.</summary>
    public IReadOnlyList<string> Faults()
    {
        var faults = new List<string>();
        if (Serving < TimeSpan.FromSeconds(10) || Serving > TimeSpan.FromDays(366)) faults.Add("--certificate-lifetime must be from 10s to 8784h.");
        else if (Authority < Serving * 3 || Authority > TimeSpan.FromDays(36600)) faults.Add("--authority-lifetime must be from three times --certificate-lifetime to 878400h.");
        return faults;
    }

    private static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
