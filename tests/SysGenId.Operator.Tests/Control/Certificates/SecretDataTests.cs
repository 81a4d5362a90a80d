using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using CsCheck;
using SysGenId.Operator.Control.Certificates;

namespace SysGenId.Operator.Tests.Control.Certificates;

public sealed class SecretDataTests
{
    private const string Host = "sysgenid-webhook.sysgenid-system.svc";
    private static readonly string[] _names = [Host, "sysgenid-webhook"];
    private static readonly DateTimeOffset _now = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);

    // P-256, as keys name it: 1.2.840.10045.3.1.7.
    private static readonly byte[] _curve = [0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07];

    [Fact]
    public void What_is_written_is_read_again()
    {
        var set = CertificateAuthority.AddAuthority(Found(), new(), _now);
        var (read, fault) = SecretData.Read(SecretData.Write(set), Host);
        Assert.Null(fault);
        Assert.True(read!.IsSame(set));
        Assert.Equal(set.Authorities, read.Authorities);
        Assert.Equal(set.Issuer, read.Issuer);
        Assert.True(read.IsRotating);
    }

    [Fact]
    public void Keys_are_on_P256_and_the_certificate_is_a_servers_for_every_name()
    {
        var set = Found();
        using var serving = X509Certificate2.CreateFromPem(set.Serving.Pem, set.ServingKey);
        using var authority = X509Certificate2.CreateFromPem(set.Newest.Pem, set.AuthorityKey);
        Assert.All(_names, name => Assert.True(serving.MatchesHostname(name)));
        Assert.False(serving.MatchesHostname("sysgenid-webhook.other.svc"));
        Assert.Equal(256, serving.GetECDsaPrivateKey()!.KeySize);
        Assert.Equal(256, authority.GetECDsaPrivateKey()!.KeySize);
        Assert.Equal("1.3.6.1.5.5.7.3.1", serving.Extensions.OfType<X509EnhancedKeyUsageExtension>().Single().EnhancedKeyUsages[0].Value);
        Assert.False(serving.Extensions.OfType<X509BasicConstraintsExtension>().Single().CertificateAuthority);
        Assert.True(authority.Extensions.OfType<X509BasicConstraintsExtension>().Single() is { CertificateAuthority: true, PathLengthConstraint: 0 });
    }

    [Fact]
    public void A_set_that_has_expired_is_still_read() =>
        Assert.NotNull(SecretData.Read(SecretData.Write(CertificateAuthority.Found(_names, new(), _now.AddYears(-20))), Host).Set);

    [Fact]
    public void Nothing_is_no_set()
    {
        Assert.Equal("it is empty.", SecretData.Read(null, Host).Fault);
        Assert.Equal("it is empty.", SecretData.Read(new Dictionary<string, byte[]>(), Host).Fault);
    }

    [Theory]
    [InlineData("ca.crt")]
    [InlineData("ca.key")]
    [InlineData("tls.crt")]
    [InlineData("tls.key")]
    public void A_part_that_is_missing_damaged_or_from_elsewhere_makes_it_useless(string key)
    {
        var (good, other) = (SecretData.Write(Found()), SecretData.Write(Found()));
        var missing = new Dictionary<string, byte[]>(good);
        missing.Remove(key);
        Assert.Equal($"it has no {key}.", SecretData.Read(missing, Host).Fault);
        foreach (var value in new byte[][] { [], [0, 255, 0], other[key], good[key][..^80], Encoding.ASCII.GetBytes("-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----") })
        {
            var (set, fault) = SecretData.Read(new Dictionary<string, byte[]>(good) { [key] = value }, Host);
            Assert.Null(set);
            Assert.NotEmpty(fault!);
        }
    }

    [Fact]
    public void A_certificate_for_another_name_is_told_by_its_name() =>
        Assert.Equal("tls.crt is not for other.svc.", SecretData.Read(SecretData.Write(Found()), "other.svc").Fault);

    [Fact]
    public void A_serving_certificate_is_no_authority()
    {
        var data = SecretData.Write(Found());
        (data["ca.crt"], data["ca.key"]) = (data["tls.crt"], data["tls.key"]);
        Assert.Equal("the first certificate of ca.crt is not an authority's.", SecretData.Read(data, Host).Fault);
    }

    [Fact]
    public void An_authority_with_an_RSA_key_is_not_ours()
    {
        using var rsa = RSA.Create(2048);
        var request = new CertificateRequest("CN=somebody", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var certificate = request.CreateSelfSigned(_now, _now.AddYears(1));
        var data = SecretData.Write(Found());
        data["ca.crt"] = Encoding.ASCII.GetBytes(certificate.ExportCertificatePem());
        data["ca.key"] = Encoding.ASCII.GetBytes(rsa.ExportPkcs8PrivateKeyPem());
        Assert.Equal("ca.key is not an ECDSA key.", SecretData.Read(data, Host).Fault);
    }

    [Theory]
    [InlineData("ca.key")]
    [InlineData("tls.key")]
    public void A_key_on_a_curve_that_nobody_knows_makes_it_useless(string key)
    {
        var data = SecretData.Write(Found());
        var pem = Encoding.ASCII.GetString(data[key]);
        var fields = PemEncoding.Find(pem);
        var bytes = Convert.FromBase64String(pem[fields.Base64Data]);
        bytes[bytes.AsSpan().IndexOf(_curve) + 2] = 0;
        data[key] = Encoding.ASCII.GetBytes(PemEncoding.WriteString(pem[fields.Label], bytes));

        var (set, fault) = SecretData.Read(data, Host);

        Assert.Null(set);
        Assert.Contains($"{key} cannot be read together", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void More_authorities_than_rotations_leave_are_refused()
    {
        var data = SecretData.Write(Found());
        data["ca.crt"] = [.. Enumerable.Repeat(data["ca.crt"], 17).SelectMany(bytes => bytes)];
        Assert.Equal("ca.crt must hold 1 to 16 certificates, not 17.", SecretData.Read(data, Host).Fault);
    }

    [Fact]
    public void Bytes_changed_anywhere_never_do_more_than_make_it_useless()
    {
        var good = SecretData.Write(Found());
        var keys = good.Keys.ToArray();
        Gen.Select(Gen.Int[0, 3], Gen.Double[0, 1], Gen.Byte.Array[0, 60]).Sample(
            (which, where, noise) =>
            {
                var value = good[keys[which]].ToArray();
                noise.AsSpan(0, Math.Min(noise.Length, value.Length)).CopyTo(value.AsSpan((int)(where * (value.Length - Math.Min(noise.Length, value.Length)))));
                var (set, fault) = SecretData.Read(new Dictionary<string, byte[]>(good) { [keys[which]] = value }, Host);
                return (set is null) != (fault is null);
            },
            iter: 500);
    }

    private static CertificateSet Found() => CertificateAuthority.Found(_names, new(), _now);
}
