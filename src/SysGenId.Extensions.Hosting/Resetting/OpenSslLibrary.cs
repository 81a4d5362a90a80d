using System.Runtime.InteropServices;

namespace SysGenId.Extensions.Hosting.Resetting;

/// <summary>
/// One libcrypto that is loaded. Its functions are looked up and not imported: which version there is, and whether there is
/// one, is known only in the process. This is here and not in Core, whose other users are static programs that never load it.
/// </summary>
internal sealed unsafe class OpenSslLibrary
{
    private readonly Func<string, nint> _export;

    /// <param name="export">The address of a function; 0: it has none of that name.</param>
    internal OpenSslLibrary(Func<string, nint> export) => _export = export;

    /// <summary>The loaded library of this name.</summary>
    /// <exception cref="DllNotFoundException">It is not loaded, and not to be had.</exception>
    public static OpenSslLibrary Load(string soname)
    {
        var handle = NativeLibrary.Load(soname);
        return new(name => NativeLibrary.TryGetExport(handle, name, out var address) ? address : 0);
    }

    /// <summary>
    /// Gives the primary generator fresh entropy. The generators of every thread are its children: each compares its
    /// parent's reseed counter before it generates, and reseeds when that has moved (providers/implementations/rands/drbg.c).
    /// </summary>
    /// <returns>False: OpenSSL had none to give.</returns>
    public bool Reseed()
    {
        var primary = (delegate* unmanaged<nint, nint>)_export("RAND_get0_primary");
        var reseed = (delegate* unmanaged<nint, int, nint, nint, nint, nint, int>)_export("EVP_RAND_reseed");
        if (primary is not null && reseed is not null)
            return primary(0) is not 0 and var generator && reseed(generator, 0, 0, 0, 0, 0) == 1;

        // Before 3.0: restarts the master generator, whose counter its children compare in the same way.
        var poll = (delegate* unmanaged<int>)_export("RAND_poll");
        return poll is not null && poll() == 1;
    }
}
