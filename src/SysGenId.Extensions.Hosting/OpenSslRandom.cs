using System.Security.Cryptography;
using SysGenId.Extensions.Hosting.Resetting;

namespace SysGenId.Extensions.Hosting;

/// <summary>
/// The generator behind <see cref="RandomNumberGenerator"/> and every key that .NET makes on Linux. Its state is memory of the
/// process: two clones of a checkpoint draw the same bytes and make the same keys until it is reseeded.
/// </summary>
public static class OpenSslRandom
{
    /// <summary>
    /// Gives it fresh entropy of the kernel's, for all threads: also those that have drawn before reseed when they draw next.
    /// </summary>
    /// <remarks>
    /// Thread-safe; takes microseconds and no lock that others wait for longer. <see cref="RuntimeResetHandler"/> calls it at every change; call it yourself
    /// where a secret is made inside a guard. Not reached: an OpenSSL that is linked into the program (<c>StaticOpenSslLinking</c>)
    /// and the internal generators of a FIPS provider.
    /// </remarks>
    /// <returns>Whether there was one to reseed.</returns>
    /// <exception cref="CryptographicException">It refused: draw nothing that must be unique.</exception>
    public static ReseedOutcome Reseed()
    {
        var loaded = LoadedLibraries.Libcrypto();
        foreach (var name in loaded)
        {
            if (!OpenSslLibrary.Load(name).Reseed())
                throw new CryptographicException($"{name} could not be reseeded.");
        }

        return loaded.Count > 0 ? ReseedOutcome.Reseeded : ReseedOutcome.NotLoaded;
    }
}
