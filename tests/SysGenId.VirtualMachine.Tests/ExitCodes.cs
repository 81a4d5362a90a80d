namespace SysGenId.VirtualMachine.Tests;

/// <summary>What `sysgenid wait` ends with; see docs/cli.md.</summary>
internal static class ExitCodes
{
    public const int Done = 0;

    public const int TimedOut = 4;
}
