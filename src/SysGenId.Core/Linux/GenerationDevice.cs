namespace SysGenId.Core.Linux;

/// <summary>What the kernel's system generation device offers beyond reading, writing and mapping.</summary>
internal static unsafe class GenerationDevice
{
    // SYSGENID_SET_WATCHER_TRACKING of its include/uapi/linux/sysgenid.h: _IO(0xE4, 1).
    private const nuint SetWatcherTracking = 0xE401;

    /// <summary>Has an open device counted among its watchers; false when it knows no such call.</summary>
    public static bool TryTrack(Descriptor device) => Libc.ioctl(device.Number, SetWatcherTracking, (void*)1) == 0;
}
