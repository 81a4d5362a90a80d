using SysGenId.TestSupport.Containers;

namespace SysGenId.Images.Tests;

/// <summary>How a container of an image is run.</summary>
internal sealed record ImageRun(params string[] Arguments)
{
    /// <summary>Another user than the image's, as UID:GID.</summary>
    public string? User { get; init; }

    /// <summary>Another program than the image's.</summary>
    public string[]? EntryPoint { get; init; }

    public string[] Capabilities { get; init; } = [];

    public IReadOnlyList<BindMount> Mounts { get; init; } = [];

    /// <summary>The cgroup to run it in, below the root.</summary>
    public required string Cgroup { get; init; }
}
