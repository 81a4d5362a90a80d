using SysGenId.TestSupport;

namespace SysGenId.VirtualMachine.Tests;

/// <summary>What eng/vm-tools.sh put beside each other.</summary>
internal static class Tools
{
    /// <summary>The emulator of a whole machine.</summary>
    public static string Qemu { get; } = Path.Join(ToolPaths.VirtualMachineTools, "qemu");

    public static string Kernel { get; } = Path.Join(ToolPaths.VirtualMachineTools, "vmlinuz");

    /// <summary>The loader and the C and C++ libraries, for programs in the guest.</summary>
    public static string Libraries { get; } = Path.Join(ToolPaths.VirtualMachineTools, "lib");
}
