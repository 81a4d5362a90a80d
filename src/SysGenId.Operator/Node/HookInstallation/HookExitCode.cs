namespace SysGenId.Operator.Node.HookInstallation;

/// <summary>Exit codes of install-hook and uninstall-hook.</summary>
internal static class HookExitCode
{
    public const int Success = 0;

    /// <summary>A file could not be read or written. What was done before stands; running it again goes on.</summary>
    public const int Failed = 1;

    /// <summary>It would do harm, or cannot work. Nothing was changed.</summary>
    public const int Refused = 3;
}
