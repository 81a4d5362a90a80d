namespace SysGenId.Core;

/// <summary>What <c>install-hook</c> writes into a configuration of CRIU. Everything outside the two markers belongs to others.</summary>
internal static class HookMarkers
{
    /// <summary>What the first line of our block begins with; words about the installation may follow.</summary>
    public const string Begin = "# BEGIN sysgenid";

    /// <summary>The last line of our block.</summary>
    public const string End = "# END sysgenid";

    /// <summary>CRIU's option that names a program to run at every stage; its value follows after white space.</summary>
    public const string ActionScript = "action-script";
}
