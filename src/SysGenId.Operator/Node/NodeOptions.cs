using SysGenId.Core;
using SysGenId.Core.Linux;
using SysGenId.Core.Protocol;
using SysGenId.Operator.Node.HookInstallation;
using SysGenId.Operator.Node.Sources;

namespace SysGenId.Operator.Node;

/// <summary>What a node agent is started with. Immutable; check <see cref="Faults"/> before use.</summary>
internal sealed record NodeOptions
{
    /// <summary>The agent's socket. Page, policy and missed restores are kept beside it. At most 107 bytes.</summary>
    public string Socket { get; init; } = SystemPaths.AgentSocket;

    /// <summary>Where the generation outlives the machine.</summary>
    public string StateDirectory { get; init; } = SystemPaths.StateDirectory;

    /// <summary>The node's name in records and status.</summary>
    public string NodeName { get; init; } = Environment.MachineName;

    /// <summary>Who sees the generation of a container restore (S26).</summary>
    public RestoreScope RestoreScope { get; init; } = RestoreScope.Node;

    /// <summary>What a restore comes to that could not be published (S25).</summary>
    public RestoreFailurePolicy RestoreFailurePolicy { get; init; } = NodePolicy.Default.RestoreFailurePolicy;

    /// <summary>How long a checkpoint or restore is held at most: 10 ms to 60 s.</summary>
    public TimeSpan PublishTimeout { get; init; } = NodePolicy.Default.PublishTimeout;

    /// <summary>How far a checkpoint from elsewhere may raise the node's number: 1 to 2^31 (S28).</summary>
    public uint MaximumJump { get; init; } = 1 << 20;

    /// <summary>The CRIU configuration that holds, or will hold, our line.</summary>
    public string CriuConfiguration { get; init; } = SystemPaths.CriuConfiguration;

    /// <summary>The CRIU that proves the gate; a name is looked up on PATH.</summary>
    public string Criu { get; init; } = "criu";

    /// <summary>Whose CRIU, and in whose mounts it is run.</summary>
    public CriuNamespaceKind CriuNamespace { get; init; } = CriuNamespaceKind.Own;

    /// <summary>Whether the agent puts the hook on its node and keeps it up to date.</summary>
    public bool InstallHook { get; init; }

    /// <summary>The hook that it installs. Default: beside this program.</summary>
    public string HookBinary { get; init; } = new InstallHookOptions().HookBinary;

    /// <summary>Where it puts the hook.</summary>
    public string HookDirectory { get; init; } = SystemPaths.HookDirectory;

    /// <summary>Where it listens for restores of its machine.</summary>
    public SourceOptions Sources { get; init; } = new();

    /// <summary>Everything that is wrong, each a sentence; empty when the options can be used.</summary>
    public IReadOnlyList<string> Faults()
    {
        var faults = new List<string>();
        if (System.Text.Encoding.UTF8.GetByteCount(Socket) > UnixSocket.MaximumPathLength) faults.Add($"--socket must be at most {UnixSocket.MaximumPathLength} bytes long.");
        if (!Path.IsPathFullyQualified(Socket)) faults.Add("--socket must be an absolute path.");
        if (!Path.IsPathFullyQualified(StateDirectory)) faults.Add("--state-dir must be an absolute path.");
        if (!Path.IsPathFullyQualified(CriuConfiguration)) faults.Add("--criu-config must be an absolute path.");
        if (!Path.IsPathFullyQualified(HookBinary)) faults.Add("--hook-binary must be an absolute path.");
        if (!Path.IsPathFullyQualified(HookDirectory)) faults.Add("--hook-dir must be an absolute path.");
        if (!Enum.IsDefined(CriuNamespace)) faults.Add("--criu-namespace must be own or host.");
        if (NodeName.Length is 0 or > 253) faults.Add("--node-name must have 1 to 253 characters.");
        if (!Enum.IsDefined(RestoreScope)) faults.Add("--restore-scope must be Node or Pod.");
        if (!Enum.IsDefined(RestoreFailurePolicy)) faults.Add("--restore-failure-policy must be Fail or Ignore.");
        if (PublishTimeout < TimeSpan.FromMilliseconds(10) || PublishTimeout > TimeSpan.FromSeconds(60)) faults.Add("--publish-timeout must be from 10ms to 60s.");
        if (MaximumJump is 0 or > 1u << 31) faults.Add("--maximum-jump must be from 1 to 2147483648.");
        faults.AddRange(Sources.Faults());
        return faults;
    }
}
