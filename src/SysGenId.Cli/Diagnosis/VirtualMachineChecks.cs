using SysGenId.Core;
using SysGenId.Core.Linux;

namespace SysGenId.Cli.Diagnosis;

/// <summary>Can a restored or cloned virtual machine be noticed?</summary>
internal sealed class VirtualMachineChecks(Machine machine)
{
    private const string Processors = "/proc/cpuinfo";
    private const string DeviceTree = "/proc/device-tree";

    public Check Sources()
    {
        var sources = new List<string>();
        if (machine.Exists(SystemPaths.VmClock)) sources.Add(SystemPaths.VmClock);
        if (HasGenerationId()) sources.Add("vmgenid");
        if (sources.Count > 0) return Check.Ok("vm", $"this machine tells when it was cloned or rolled back: {string.Join(", ", sources)}");
        return IsVirtual()
            ? Check.Warn(
                "vm", "a virtual machine without vmgenid or vmclock: clones and rollbacks of it go unnoticed",
                "Give it the device (QEMU: -device vmgenid,guid=auto; Hyper-V, VMware and Firecracker have it), or bump by hand after a restore: `sysgenid bump`.")
            : Check.Ok("vm", "not a virtual machine, as far as can be seen");
    }

    private bool HasGenerationId() =>
        GenerationIdDriver.Directories.SelectMany(machine.List).Any(GenerationIdDriver.IsDevice) || machine.List(DeviceTree).Any(GenerationIdDriver.IsNamed);

    private bool IsVirtual() =>
        machine.Read(Processors) is { } text && text.Split('\n').Any(line => line.StartsWith("flags", StringComparison.Ordinal) && line.Contains(" hypervisor"));
}
