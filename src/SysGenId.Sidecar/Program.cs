namespace SysGenId.Sidecar;

internal static class Program
{
    private static int Main() => 0;
}
