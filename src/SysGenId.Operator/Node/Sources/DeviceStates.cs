using SysGenId.Core.Linux;

namespace SysGenId.Operator.Node.Sources;

/// <summary>What is said of devices that are not listened to: pure.</summary>
internal static class DeviceStates
{
    /// <summary>The agent was told to leave it alone.</summary>
    public static SourceState Disabled(string option) => new(SourceReason.Disabled, $"switched off with {option} {SourceOptions.None}");

    /// <summary>This machine has no such thing.</summary>
    public static SourceState NotPresent(string path, string why) => new(SourceReason.NotPresent, $"{path}: {why}");

    /// <summary>It is there, and does not do what it should.</summary>
    public static SourceState Failed(string path, string why) => new(SourceReason.Failed, $"{path} {why}; it is tried again");

    /// <summary>It could not be opened.</summary>
    /// <param name="path">Where it should be.</param>
    /// <param name="option">What names it.</param>
    /// <param name="error">Why not.</param>
    /// <param name="wasThere">Whether this agent has had it open: its driver was taken away then, and may come back.</param>
    public static SourceState NotOpened(string path, string option, Errno error, bool wasThere) => error switch
    {
        Errno.ENOENT or Errno.ENXIO or Errno.ENODEV or Errno.ENOTDIR when wasThere => Failed(path, $"is gone ({error})"),
        Errno.ENOENT or Errno.ENXIO or Errno.ENODEV or Errno.ENOTDIR => NotPresent(path, $"this machine has no such device ({error})"),
        Errno.EPERM or Errno.EACCES => new(
            SourceReason.AccessDenied,
            $"{path} may not be opened ({error}): the agent needs root and, in a container, the devices of its host (agent.privileged); {option} {SourceOptions.None} switches this off"),
        _ => Failed(path, $"cannot be opened ({error})"),
    };
}
