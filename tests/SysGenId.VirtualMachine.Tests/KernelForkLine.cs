namespace SysGenId.VirtualMachine.Tests;

/// <summary>The line that Linux prints when it finds itself in a copy of the machine.</summary>
internal static class KernelForkLine
{
    /// <summary>A command that writes it as a program may: the priority asks for the kernel's facility, and does not get it.</summary>
    public const string Forge = "echo '<0>random: crng reseeded due to virtual machine fork' >/dev/kmsg";
}
