using System.Security.Cryptography;
using System.Text;
using SysGenId.Client;
using SysGenId.Extensions.Hosting;

namespace SysGenId.Samples.AspNet;

/// <summary>A key that no two processes may sign with. The generation is compared before and after each signature; one that a restore came into is made again.</summary>
internal sealed class TokenKey(GenerationWatcher watcher) : IDisposable
{
    private readonly Guard<ECDsa> _key = watcher.CreateGuard(_ =>
    {
        // A request may come before the handlers: the key must not be drawn from a generator that was copied.
        OpenSslRandom.Reseed();
        return ECDsa.Create(ECCurve.NamedCurves.nistP256);
    });

    public string Issue(string subject) => _key.Run(subject, static (key, subject) =>
    {
        var signature = key.SignData(Encoding.UTF8.GetBytes(subject), HashAlgorithmName.SHA256);
        return $"{subject}.{Convert.ToHexStringLower(signature)}.{Convert.ToHexStringLower(key.ExportSubjectPublicKeyInfo())}";
    });

    public void Dispose() => _key.Dispose();
}
