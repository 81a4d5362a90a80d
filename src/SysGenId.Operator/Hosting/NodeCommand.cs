using System.CommandLine;
using Microsoft.Extensions.Logging;
using SysGenId.Core.Protocol;
using SysGenId.Operator.Api;
using SysGenId.Operator.Cluster;
using SysGenId.Operator.Node;
using SysGenId.Operator.Node.HookInstallation;
using SysGenId.Operator.Node.Sources;

namespace SysGenId.Operator.Hosting;

/// <summary><c>sysgenid-operator node</c>: options to settings, all faults in one message.</summary>
internal static class NodeCommand
{
    private static readonly NodeOptions _defaults = new();

    private const string NameVariable = "NODE_NAME";

    // Of an agent in a cluster; one on a plain host serves nothing by HTTP unless it is asked to.
    private const int ClusterHttpPort = 9477;

    private static readonly ObservationOptions _observation = new($"Default: {ClusterHttpPort} in a cluster, none with --standalone.");
    private static readonly Option<bool> _standalone = new("--standalone") { Description = "Run on a plain host, without Kubernetes." };
    private static readonly Option<string> _socket = Text("--socket", "The agent's socket; page, policy and missed restores are kept beside it.", _defaults.Socket);
    private static readonly Option<string> _state = Text("--state-dir", "Where the generation outlives the machine.", _defaults.StateDirectory);
    private static readonly Option<string> _name = Text("--node-name", $"This node's name, in a cluster that of its Node. Default: the environment's {NameVariable}, else the machine's name.", Environment.GetEnvironmentVariable(NameVariable) is { Length: > 0 } name ? name : _defaults.NodeName);
    private static readonly Option<RestoreScope> _scope = Choice("--restore-scope", "Who sees the generation of a container restore: every pod of the Node, or the restored Pod.", _defaults.RestoreScope);
    private static readonly Option<RestoreFailurePolicy> _policy = Choice("--restore-failure-policy", "What a restore of ours comes to that could not be published: Fail or Ignore.", _defaults.RestoreFailurePolicy);
    private static readonly Option<string> _timeout = Text("--publish-timeout", "How long a checkpoint or restore is held at most: 10ms to 60s.", Duration.Format(_defaults.PublishTimeout));
    private static readonly Option<uint> _jump = Choice("--maximum-jump", "How far a checkpoint from elsewhere may raise this node's number.", _defaults.MaximumJump);
    private static readonly Option<string> _configuration = Text("--criu-config", "The CRIU configuration that holds our line.", _defaults.CriuConfiguration);
    private static readonly Option<string> _criu = Text("--criu", "The CRIU that proves the gate; a name is looked up on PATH.", _defaults.Criu);
    private static readonly Option<CriuNamespaceKind> _namespace = Choice("--criu-namespace", "Whose CRIU, and in whose mounts it is run: own, or host for an agent in a container.", _defaults.CriuNamespace);
    private static readonly Option<bool> _install = new("--install-hook") { Description = "Put the hook on this node at the start, and keep it up to date." };
    private static readonly Option<string> _hookBinary = Text("--hook-binary", "The hook that --install-hook installs.", _defaults.HookBinary);
    private static readonly Option<string> _hookDirectory = Text("--hook-dir", "Where --install-hook puts it; owned by root and writable by nobody else.", _defaults.HookDirectory);
    private static readonly Option<string> _kernelLog = Text("--kernel-log", "The kernel's log, which tells of forks of the machine; none: leave it alone.", _defaults.Sources.KernelLog!);
    private static readonly Option<string> _vmClock = Text("--vmclock", "The page that a hypervisor shares; none: leave it alone.", _defaults.Sources.VmClock!);
    private static readonly Option<string> _vmClockInterval = Text("--vmclock-interval", "How often a vmclock that cannot notify is looked at: 100ms to 1m.", Duration.Format(_defaults.Sources.VmClockInterval));
    private static readonly Option<bool> _disruption = new("--bump-on-disruption") { Description = "Bump, too, when vmclock tells of a disruption alone, such as a live migration." };
    private static readonly Option<string> _device = Text("--sysgenid-device", "The kernel's own system generation device; none: leave it alone.", _defaults.Sources.Device!);
    private static readonly Option<string?> _kubeconfig = new("--kubeconfig") { Description = "How to reach the API server; default: the service account of this pod." };
    private static readonly Option<string?> _context = new("--context") { Description = "A context of --kubeconfig; default: its current one." };
    private static readonly Option<LogLevel> _level = Choice("--log-level", "Trace, Debug, Information, Warning, Error or Critical.", LogLevel.Information);

    public static Command Build()
    {
        var command = new Command("node", "Run the node agent: notice CRIU checkpoints and restores, clones and rollbacks of this machine, and push new generations to sidecars.")
        {
            _standalone, _socket, _state, _name, _scope, _policy, _timeout, _jump, _configuration, _criu, _namespace,
            _install, _hookBinary, _hookDirectory, _kernelLog, _vmClock, _vmClockInterval, _disruption, _device, _kubeconfig, _context, _level,
            HookCommands.BuildInstall(), HookCommands.BuildUninstall(),
        };
        _observation.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult line)
    {
        var faults = new List<string>();
        if (!Duration.TryParse(line.GetValue(_timeout), out var timeout))
        {
            faults.Add("--publish-timeout must be a duration such as 500ms or 5s.");
            timeout = _defaults.PublishTimeout;
        }

        var options = new NodeOptions
        {
            Socket = line.GetValue(_socket)!,
            StateDirectory = line.GetValue(_state)!,
            NodeName = line.GetValue(_name)!,
            RestoreScope = line.GetValue(_scope),
            RestoreFailurePolicy = line.GetValue(_policy),
            PublishTimeout = timeout,
            MaximumJump = line.GetValue(_jump),
            CriuConfiguration = line.GetValue(_configuration)!,
            Criu = line.GetValue(_criu)!,
            CriuNamespace = line.GetValue(_namespace),
            InstallHook = line.GetValue(_install),
            HookBinary = line.GetValue(_hookBinary)!,
            HookDirectory = line.GetValue(_hookDirectory)!,
            Sources = Sources(line, faults),
        };
        faults.AddRange(options.Faults());
        var host = new NodeHostOptions
        {
            Node = options,
            Cluster = Cluster(line, faults),
            Http = _observation.Endpoint(line, line.GetValue(_standalone) ? 0 : ClusterHttpPort, faults),
            Level = line.GetValue(_level),
            LogFormat = _observation.Format(line),
        };
        if (faults.Count == 0) return await NodeHost.RunAsync(host).ConfigureAwait(false);
        foreach (var fault in faults.Distinct()) await Console.Error.WriteLineAsync(fault).ConfigureAwait(false);
        return ExitCode.Usage;
    }

    private static SourceOptions Sources(ParseResult line, List<string> faults)
    {
        if (!Duration.TryParse(line.GetValue(_vmClockInterval), out var interval)) faults.Add("--vmclock-interval must be a duration such as 500ms or 1s.");
        string? Place(Option<string> option) => line.GetValue(option) is { } path and not SourceOptions.None ? path : null;
        return new SourceOptions
        {
            KernelLog = Place(_kernelLog),
            VmClock = Place(_vmClock),
            Device = Place(_device),
            VmClockInterval = interval == TimeSpan.Zero ? _defaults.Sources.VmClockInterval : interval,
            BumpsOnDisruption = line.GetValue(_disruption),
        };
    }

    // Null on a plain host.
    private static ClusterOptions? Cluster(ParseResult line, List<string> faults)
    {
        var options = new ClusterOptions { Kubeconfig = line.GetValue(_kubeconfig), Context = line.GetValue(_context) };
        if (line.GetValue(_standalone))
        {
            if (options.Kubeconfig is not null || options.Context is not null) faults.Add("--standalone is without a cluster: leave --kubeconfig and --context out.");
            return null;
        }

        faults.AddRange(options.Faults());
        return options;
    }

    private static Option<string> Text(string name, string description, string value) => Choice(name, description, value);

    private static Option<T> Choice<T>(string name, string description, T value) =>
        new(name) { Description = description, DefaultValueFactory = _ => value };
}
