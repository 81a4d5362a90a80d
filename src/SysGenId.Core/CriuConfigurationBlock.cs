namespace SysGenId.Core;

/// <summary>What <c>install-hook</c> writes into a configuration of CRIU. Everything outside the two markers belongs to others.</summary>
internal static class CriuConfigurationBlock
{
    /// <summary>The line our block begins with.</summary>
    public const string Begin = "# BEGIN sysgenid";

    /// <summary>The line our block ends with.</summary>
    public const string End = "# END sysgenid";

    /// <summary>CRIU's option that names a program to run at every stage; its value is the rest of the line.</summary>
    public const string ActionScript = "action-script";
}
