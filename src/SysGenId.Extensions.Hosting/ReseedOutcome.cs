namespace SysGenId.Extensions.Hosting;

/// <summary>What <see cref="OpenSslRandom.Reseed"/> came to.</summary>
public enum ReseedOutcome
{
    /// <summary>Whatever any thread draws from now on comes from fresh entropy.</summary>
    Reseeded,

    /// <summary>OpenSSL is not in this process yet, so it has no state that could be a copy.</summary>
    NotLoaded,
}
