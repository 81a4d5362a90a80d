using SysGenId.Operator.Control.Certificates;

namespace SysGenId.Operator.Tests.Control.Certificates;

public sealed class CertificatePlanTests
{
    private static readonly string[] _names = ["sysgenid-webhook.sysgenid-system.svc"];
    private static readonly CertificateLifetimes _lifetimes = new();
    private static readonly DateTimeOffset _start = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly CertificatePlan _plan = new(_names, _lifetimes);

    [Fact]
    public void Without_a_secret_a_set_is_founded()
    {
        var step = _plan.Next(null, null, null, _start);
        Assert.Equal(CertificateAction.Found, step.Action);
        Assert.Equal(step.Set.Newest.Thumbprint, step.Set.Issuer);
        Assert.True(step.Set.Serving.IsValid(_start));
    }

    [Fact]
    public void A_fresh_set_stays_until_a_third_of_the_serving_certificate_is_left()
    {
        var set = Founded();
        var step = _plan.Next(set, set, _start, _start);
        Assert.Equal(CertificateAction.Keep, step.Action);
        Assert.Equal(set.Serving.DueAt, step.LookAgain);
        Assert.InRange(step.LookAgain - _start, TimeSpan.FromDays(59), TimeSpan.FromDays(60));
        Assert.Equal(CertificateAction.Keep, _plan.Next(set, set, _start, step.LookAgain - TimeSpan.FromSeconds(1)).Action);
    }

    [Fact]
    public void A_due_serving_certificate_is_renewed_by_the_same_authority()
    {
        var set = Founded();
        var step = _plan.Next(set, set, _start, set.Serving.DueAt);
        Assert.Equal(CertificateAction.Renew, step.Action);
        Assert.Equal(set.Bundle, step.Set.Bundle);
        Assert.Equal(set.Issuer, step.Set.Issuer);
        Assert.NotEqual(set.Serving, step.Set.Serving);
        Assert.Equal(set.Serving.DueAt + _lifetimes.Serving, step.Set.Serving.NotAfter);
    }

    [Fact]
    public void A_due_authority_is_joined_by_another_that_does_not_serve_yet()
    {
        var set = Founded();
        var renewed = CertificateAuthority.Renew(set, _names, _lifetimes, set.Newest.DueAt - TimeSpan.FromDays(1));
        var step = _plan.Next(renewed, renewed, _start, set.Newest.DueAt);
        Assert.Equal(CertificateAction.AddAuthority, step.Action);
        Assert.Equal(2, step.Set.Authorities.Length);
        Assert.Equal(renewed.Newest, step.Set.Authorities[1]);
        Assert.Equal(renewed.Serving, step.Set.Serving);
        Assert.True(step.Set.IsRotating);
        Assert.NotEqual(renewed.AuthorityKey, step.Set.AuthorityKey);
    }

    [Fact]
    public void A_new_authority_serves_once_it_has_been_trusted_for_the_delay()
    {
        var set = Rotating(out var now);
        Assert.Equal(CertificateAction.Keep, _plan.Next(set, set, null, now).Action);
        var waiting = _plan.Next(set, set, now, now);
        Assert.Equal(CertificateAction.Keep, waiting.Action);
        Assert.Equal(now + _lifetimes.TrustDelay, waiting.LookAgain);
        var step = _plan.Next(set, set, now, waiting.LookAgain);
        Assert.Equal(CertificateAction.UseAuthority, step.Action);
        Assert.False(step.Set.IsRotating);
        Assert.Equal(set.Bundle, step.Set.Bundle);
    }

    [Fact]
    public void A_new_authority_that_is_never_seen_to_be_trusted_serves_before_the_old_certificate_ends()
    {
        var set = Rotating(out var now);
        var waiting = _plan.Next(set, set, null, now);
        Assert.Equal(set.Serving.UrgentAt, waiting.LookAgain);
        Assert.Equal(CertificateAction.UseAuthority, _plan.Next(set, set, null, set.Serving.UrgentAt).Action);
        Assert.True(set.Serving.IsValid(set.Serving.UrgentAt));
    }

    [Fact]
    public void An_old_authority_is_trusted_until_all_it_issued_has_expired()
    {
        var set = Rotating(out var now);
        var used = _plan.Next(set, set, now, now + _lifetimes.TrustDelay).Set;
        var step = _plan.Next(used, used, now, now + _lifetimes.TrustDelay);
        Assert.Equal(CertificateAction.Keep, step.Action);

        // Renewals go on meanwhile.
        used = CertificateAuthority.Renew(used, _names, _lifetimes, now + _lifetimes.Serving / 2);
        var dropAt = now + _lifetimes.Serving;
        Assert.Equal(CertificateAction.Keep, _plan.Next(used, used, now, dropAt - TimeSpan.FromMinutes(1)).Action);
        step = _plan.Next(used, used, now, dropAt);
        Assert.Equal(CertificateAction.DropAuthorities, step.Action);
        Assert.Equal([used.Newest], step.Set.Authorities);
        Assert.True(dropAt >= set.Serving.NotAfter);
    }

    [Fact]
    public void A_lost_secret_becomes_a_rotation_while_its_certificate_is_still_served()
    {
        var served = Founded();
        var step = _plan.Next(null, served, null, _start.AddDays(1));
        Assert.Equal(CertificateAction.Recover, step.Action);
        Assert.Equal(served.Serving, step.Set.Serving);
        Assert.Equal(served.Newest, step.Set.Authorities[1]);
        Assert.NotEqual(served.AuthorityKey, step.Set.AuthorityKey);
        Assert.Equal(CertificateAction.Found, _plan.Next(null, served, null, served.Serving.NotAfter).Action);
    }

    [Fact]
    public void An_authority_that_is_due_and_serves_nothing_valid_is_not_worth_keeping()
    {
        var set = Founded();
        Assert.Equal(CertificateAction.Found, _plan.Next(set, set, _start, set.Newest.DueAt).Action);
    }

    [Fact]
    public void After_years_without_a_controller_everything_is_new()
    {
        var set = Founded();
        var step = _plan.Next(set, set, _start, set.Newest.NotAfter.AddDays(1));
        Assert.Equal(CertificateAction.Found, step.Action);
        Assert.Single(step.Set.Authorities);
    }

    [Fact]
    public void A_certificate_from_a_clock_that_was_ahead_is_renewed()
    {
        var set = CertificateAuthority.Renew(Founded(), _names, _lifetimes, _start.AddDays(30));
        Assert.Equal(CertificateAction.Renew, _plan.Next(set, set, _start, _start).Action);
    }

    /// <summary>What the whole design is for, over ten years of steps by a leader that may change at any of them.</summary>
    [Fact]
    public void At_no_time_is_a_certificate_served_that_the_bundle_of_a_moment_ago_does_not_trust()
    {
        var lifetimes = new CertificateLifetimes { Serving = TimeSpan.FromDays(20), Authority = TimeSpan.FromDays(90) };
        var plan = new CertificatePlan(_names, lifetimes);
        var now = _start;
        var set = plan.Next(null, null, null, now).Set;
        var (bundle, trustedSince, rotations) = (set.Bundle, now, 0);
        while (now < _start.AddDays(3650))
        {
            var step = plan.Next(set, set, trustedSince, now);
            if (step.Action == CertificateAction.Keep)
            {
                Assert.True(step.LookAgain > now, "nothing to do must not mean to look again at once");
                now = step.LookAgain;
                Assert.True(set.Serving.IsValid(now));
                continue;
            }

            // API servers still have the bundle of before when the new certificate is served.
            Assert.Contains(bundle.Split("-----BEGIN"), part => part.Length > 0 && Issued(part, step.Set));
            if (step.Action == CertificateAction.UseAuthority) rotations++;
            if (step.Set.Bundle != bundle) trustedSince = now;
            (set, bundle) = (step.Set, step.Set.Bundle);
            Assert.InRange(set.Authorities.Length, 1, 2);
        }

        Assert.InRange(rotations, 50, 70);
    }

    private static bool Issued(string part, CertificateSet set) => PemCertificate.Of("-----BEGIN" + part).Thumbprint == set.Issuer;

    private static CertificateSet Founded() => CertificateAuthority.Found(_names, _lifetimes, _start);

    private CertificateSet Rotating(out DateTimeOffset now)
    {
        var founded = Founded();
        now = founded.Newest.DueAt;
        var renewed = CertificateAuthority.Renew(founded, _names, _lifetimes, now.AddDays(-1));
        return _plan.Next(renewed, renewed, _start, now).Set;
    }
}
