namespace SysGenId.VirtualMachine.Tests;

/// <summary>What `sysgenid` ends with; see docs/cli.md.</summary>
internal static class ExitCodes
{
    public const int Done = 0;

    public const int NoAnswer = 3;

    public const int TimedOut = 4;
}
