using System.Runtime.InteropServices;
using SysGenId.Extensions.Hosting.Resetting;

namespace SysGenId.Extensions.Hosting.Tests;

/// <summary>A generator of OpenSSL 3, asked for how often it was reseeded as OpenSSL itself counts.</summary>
internal sealed unsafe class OpenSslGenerator
{
    private const uint UnsignedInteger = 2; // OSSL_PARAM_UNSIGNED_INTEGER

    private static readonly byte[] _counter = "reseed_counter\0"u8.ToArray();

    private readonly nint _context;

    private OpenSslGenerator(nint context) => _context = context;

    public uint Reseeds
    {
        get
        {
            uint count = 0;
            fixed (byte* key = _counter)
            {
                var parameters = stackalloc Parameter[2];
                parameters[0] = new Parameter((nint)key, UnsignedInteger, (nint)(&count), sizeof(uint), 0);
                parameters[1] = default;
                Assert.Equal(1, ((delegate* unmanaged<nint, Parameter*, int>)Export("EVP_RAND_CTX_get_params"))(_context, parameters));
            }

            return count;
        }
    }

    /// <summary>The parent of all.</summary>
    public static OpenSslGenerator Primary() => new(((delegate* unmanaged<nint, nint>)Export("RAND_get0_primary"))(0));

    /// <summary>That of the calling thread, which random bytes come from.</summary>
    public static OpenSslGenerator OfThisThread() => new(((delegate* unmanaged<nint, nint>)Export("RAND_get0_public"))(0));

    private static nint Export(string name) => NativeLibrary.GetExport(NativeLibrary.Load(LoadedLibraries.Libcrypto()[0]), name);

    /// <summary>OSSL_PARAM.</summary>
    private readonly record struct Parameter(nint Key, uint Type, nint Data, nint Size, nint Returned);
}
