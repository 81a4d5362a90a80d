using SysGenId.Core;
using SysGenId.Core.CounterPage;
using SysGenId.Core.Linux;

namespace SysGenId.Cli.Diagnosis;

/// <summary>What is at /dev/sysgenid? Libraries trust whatever they find there (S27).</summary>
internal sealed class DeviceCheck(Machine machine)
{
    private const string Name = "device";
    private const uint TypeMask = 0xF000;
    private const uint CharacterDevice = 0x2000;

    public Check Run(bool inPod)
    {
        var path = machine.PathOf(SystemPaths.Device);
        if (Files.TryStatus(path, out _) is not { } status)
        {
            return Check.Ok(Name, inPod ? $"no {SystemPaths.Device} in this container (it is given on request)" : $"no {SystemPaths.Device} on the node itself, as it should be");
        }

        if ((status.Mode & TypeMask) == CharacterDevice) return Check.Ok(Name, $"the kernel has a {SystemPaths.Device} of its own");
        return IsPage(path)
            ? Check.Ok(Name, $"{SystemPaths.Device} is a counter page")
            : Check.Fail(
                Name, $"{SystemPaths.Device} is there, but neither a device nor a readable counter page",
                "Programs that find it turn their own detection off: remove it.");
    }

    private static bool IsPage(string path)
    {
        try
        {
            using var page = CounterPageReader.Open(path);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
