namespace SysGenId.Operator.Control.Certificates;

/// <summary>What becomes of the Secret.</summary>
internal enum CertificateAction
{
    /// <summary>It stays as it is.</summary>
    Keep,

    /// <summary>There is none, or one that is of no use: a new set.</summary>
    Found,

    /// <summary>The same, while the certificates of before are still served: a new authority beside the old ones.</summary>
    Recover,

    /// <summary>The authority is due: a new one beside the old, not yet used.</summary>
    AddAuthority,

    /// <summary>The new authority is trusted everywhere: the first serving certificate of it.</summary>
    UseAuthority,

    /// <summary>The serving certificate is due: another one of the same authority.</summary>
    Renew,

    /// <summary>Nothing that an old authority issued can be in use: it is no longer trusted.</summary>
    DropAuthorities,
}
