using SysGenId.TestSupport;

namespace SysGenId.VirtualMachine.Tests;

/// <summary>How QEMU runs a guest's instructions: by the processor where that works, else by translating them.</summary>
internal static class Accelerator
{
    private static string? _name;

    public static async Task<string> NameAsync() => _name ??= await RunsGuestsAsync("kvm") ? "kvm" : "tcg";

    /// <summary>On some machines /dev/kvm is there and QEMU dies of it: it is asked to make a guest.</summary>
    private static async Task<bool> RunsGuestsAsync(string accelerator)
    {
        if (!File.Exists("/dev/kvm"))
            return false;
        await using var qemu = ChildProcess.Start(
            Tools.Qemu, "-nodefaults", "-display", "none", "-machine", "q35", "-cpu", "max", "-accel", accelerator, "-S", "-monitor", "stdio");
        try
        {
            await qemu.Input.WriteLineAsync("quit");
            qemu.Input.Close();
        }
        catch (IOException)
        {
            // It has ended already, and not as it was asked to.
        }

        await qemu.ExitAsync();
        return qemu.ExitCode == 0;
    }
}
