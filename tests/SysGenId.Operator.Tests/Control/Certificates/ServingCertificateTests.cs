using System.Security.Authentication;
using SysGenId.Operator.Control.Certificates;

namespace SysGenId.Operator.Tests.Control.Certificates;

public sealed class ServingCertificateTests
{
    private static readonly DateTimeOffset _now = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Before_the_first_certificate_handshakes_are_refused()
    {
        var serving = new ServingCertificate();
        Assert.Null(serving.NotAfter);
        Assert.Throws<AuthenticationException>(() => serving.Options);
    }

    [Fact]
    public void What_cannot_be_used_leaves_the_one_before_in_use()
    {
        var serving = new ServingCertificate();
        var (first, second) = (Found(), Found());
        Assert.True(serving.TryUse(first.Serving.Pem, first.ServingKey, out var fault));
        Assert.Null(fault);
        var options = serving.Options;
        Assert.False(serving.TryUse(second.Serving.Pem, first.ServingKey, out fault));
        Assert.StartsWith("the certificate and its key cannot be used together: ", fault, StringComparison.Ordinal);
        Assert.Same(options, serving.Options);
        Assert.True(serving.TryUse(second.Serving.Pem, second.ServingKey, out _));
        Assert.NotSame(options, serving.Options);
        Assert.Equal(second.Serving.NotAfter, serving.NotAfter);
    }

    [Fact]
    public void The_same_again_changes_nothing()
    {
        var serving = new ServingCertificate();
        var set = Found();
        serving.TryUse(set.Serving.Pem, set.ServingKey, out _);
        var options = serving.Options;
        Assert.False(serving.TryUse(set.Serving.Pem, set.ServingKey, out var fault));
        Assert.Null(fault);
        Assert.Same(options, serving.Options);
    }

    private static CertificateSet Found() => CertificateAuthority.Found(["localhost"], new(), _now);
}
