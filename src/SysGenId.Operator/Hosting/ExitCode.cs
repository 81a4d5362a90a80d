namespace SysGenId.Operator.Hosting;

/// <summary>What <c>sysgenid-operator</c> returns. Public interface.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>It could not do what it was asked; a sentence on standard error says why.</summary>
    public const int Failure = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;
}
