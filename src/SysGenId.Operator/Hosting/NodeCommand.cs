using System.CommandLine;
using Microsoft.Extensions.Logging;
using SysGenId.Core.Protocol;
using SysGenId.Operator.Node;

namespace SysGenId.Operator.Hosting;

/// <summary><c>sysgenid-operator node</c>: options to settings, all faults in one message.</summary>
internal static class NodeCommand
{
    private static readonly NodeOptions _defaults = new();

    private static readonly Option<bool> _standalone = new("--standalone") { Description = "Run on a plain host, without Kubernetes." };
    private static readonly Option<string> _socket = Text("--socket", "The agent's socket; page, policy and missed restores are kept beside it.", _defaults.Socket);
    private static readonly Option<string> _state = Text("--state-dir", "Where the generation outlives the machine.", _defaults.StateDirectory);
    private static readonly Option<string> _name = Text("--node-name", "This node's name in records and status.", _defaults.NodeName);
    private static readonly Option<RestoreScope> _scope = Choice("--restore-scope", "Who sees the generation of a container restore: every pod of the Node, or the restored Pod.", _defaults.RestoreScope);
    private static readonly Option<RestoreFailurePolicy> _policy = Choice("--restore-failure-policy", "What a restore of ours comes to that could not be published: Fail or Ignore.", _defaults.RestoreFailurePolicy);
    private static readonly Option<string> _timeout = Text("--publish-timeout", "How long a checkpoint or restore is held at most: 10ms to 60s.", Duration.Format(_defaults.PublishTimeout));
    private static readonly Option<uint> _jump = Choice("--maximum-jump", "How far a checkpoint from elsewhere may raise this node's number.", _defaults.MaximumJump);
    private static readonly Option<string> _configuration = Text("--criu-config", "The CRIU configuration that holds our line.", _defaults.CriuConfiguration);
    private static readonly Option<string> _criu = Text("--criu", "The CRIU that proves the gate; a name is looked up on PATH.", _defaults.Criu);
    private static readonly Option<LogLevel> _level = Choice("--log-level", "Trace, Debug, Information, Warning, Error or Critical.", LogLevel.Information);

    public static Command Build()
    {
        var command = new Command("node", "Run the node agent: notice CRIU checkpoints and restores, and push new generations to sidecars.")
        {
            _standalone, _socket, _state, _name, _scope, _policy, _timeout, _jump, _configuration, _criu, _level,
            HookCommands.BuildInstall(), HookCommands.BuildUninstall(),
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult line)
    {
        var faults = new List<string>();
        if (!line.GetValue(_standalone)) faults.Add("Add --standalone: this version runs on a plain host only, without Kubernetes.");
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
        };
        faults.AddRange(options.Faults());
        if (faults.Count == 0) return await NodeHost.RunAsync(options, line.GetValue(_level)).ConfigureAwait(false);
        foreach (var fault in faults.Distinct()) await Console.Error.WriteLineAsync(fault).ConfigureAwait(false);
        return ExitCode.Usage;
    }

    private static Option<string> Text(string name, string description, string value) => Choice(name, description, value);

    private static Option<T> Choice<T>(string name, string description, T value) =>
        new(name) { Description = description, DefaultValueFactory = _ => value };
}
