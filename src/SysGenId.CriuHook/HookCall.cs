using System.Globalization;
using SysGenId.Core;
using SysGenId.Core.Linux;
using SysGenId.Core.Protocol;

namespace SysGenId.CriuHook;

/// <summary>What one run of the hook is about.</summary>
internal sealed record HookCall
{
    public const string StageVariable = "CRTOOLS_SCRIPT_ACTION";
    public const string ImageDirectoryVariable = "CRTOOLS_IMAGE_DIR";
    public const string InitPidVariable = "CRTOOLS_INIT_PID";

    /// <summary>However the policy reads, CRIU is not held longer: what is in the file may be anything.</summary>
    public static readonly TimeSpan LongestPublishTimeout = TimeSpan.FromMinutes(1);

    /// <summary>The agent's socket.</summary>
    public required string Agent { get; init; }

    /// <summary>Where the images are, or null when CRIU did not say.</summary>
    public string? ImageDirectory { get; init; }

    /// <summary>The pid of the container's first process, or null when CRIU did not say.</summary>
    public int? InitPid { get; init; }

    /// <summary>What holds while the agent is away.</summary>
    public NodePolicy Policy { get; init; } = NodePolicy.Default;

    /// <summary>The call CRIU makes now.</summary>
    public static HookCall FromEnvironment(string agent) => new()
    {
        Agent = agent,
        ImageDirectory = Environment.GetEnvironmentVariable(ImageDirectoryVariable),
        InitPid = ReadInitPid(),
        Policy = ReadPolicy(agent),
    };

    private static int? ReadInitPid() =>
        int.TryParse(Environment.GetEnvironmentVariable(InitPidVariable), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && pid > 0
            ? pid
            : null;

    private static NodePolicy ReadPolicy(string agent)
    {
        var file = Files.TryReadAll(SystemPaths.Beside(agent, SystemPaths.PolicyName), NodePolicy.MaximumLength, out _);
        if (file is null) return NodePolicy.Default;
        var policy = NodePolicy.Parse(file);
        return policy.PublishTimeout <= LongestPublishTimeout ? policy : policy with { PublishTimeout = LongestPublishTimeout };
    }
}
