namespace SysGenId.Operator.Node.HookInstallation;

/// <summary>Why a CRIU configuration is left as it is: somebody edited what is between our markers, or the markers.</summary>
internal enum MarkerFault
{
    None,

    /// <summary>Our first line is there without our last.</summary>
    EndIsMissing,

    /// <summary>Our last line is there without our first.</summary>
    BeginIsMissing,

    /// <summary>More than one block of ours.</summary>
    SeveralBlocks,
}
