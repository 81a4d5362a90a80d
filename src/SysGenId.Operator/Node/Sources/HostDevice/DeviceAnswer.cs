namespace SysGenId.Operator.Node.Sources.HostDevice;

/// <summary>What the kernel's device answered to a read or to an ack.</summary>
/// <param name="Kind">How to take it.</param>
internal readonly record struct DeviceAnswer(DeviceAnswerKind Kind)
{
    /// <summary>The generation that was read.</summary>
    public uint Generation { get; init; }

    /// <summary>What is wrong with it, to follow its name in a sentence.</summary>
    public string? Fault { get; init; }

    public static DeviceAnswer Broken(string fault) => new(DeviceAnswerKind.Broken) { Fault = fault };
}
