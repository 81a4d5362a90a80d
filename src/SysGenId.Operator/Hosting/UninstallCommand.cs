using System.CommandLine;
using k8s;
using Microsoft.Extensions.Logging.Abstractions;
using SysGenId.Operator.Api;
using SysGenId.Operator.Cluster;

namespace SysGenId.Operator.Hosting;

/// <summary><c>sysgenid-operator uninstall</c>: has every agent take the hook off its node, while there are agents.</summary>
internal static class UninstallCommand
{
    private const string DefaultNamespace = "sysgenid-system";
    private static readonly TimeSpan _defaultTimeout = TimeSpan.FromMinutes(2);

    private static readonly Option<string?> _kubeconfig = new("--kubeconfig") { Description = "How to reach the API server; default: the service account of this pod." };
    private static readonly Option<string?> _context = new("--context") { Description = "A context of --kubeconfig; default: its current one." };

    private static readonly Option<string> _namespace = new("--namespace")
    {
        Description = "Where the agents run; named in what is printed of nodes that do not answer.",
        DefaultValueFactory = _ => DefaultNamespace,
    };

    private static readonly Option<string?> _account = new("--agent-service-account")
    {
        Description = "The agents' service account: only those of this installation are asked, and the next one's install the hook again. Default: whatever agents there are, for good.",
    };

    private static readonly Option<string> _timeout = new("--timeout")
    {
        Description = "How long the agents have.",
        DefaultValueFactory = _ => Duration.Format(_defaultTimeout),
    };

    public static Command Build()
    {
        var command = new Command("uninstall", "Take the hook off every node, before the agents are removed.") { _kubeconfig, _context, _namespace, _account, _timeout };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult line, CancellationToken stop)
    {
        var options = new ClusterOptions { Kubeconfig = line.GetValue(_kubeconfig), Context = line.GetValue(_context) };
        var faults = options.Faults().ToList();
        if (!Duration.TryParse(line.GetValue(_timeout), out var timeout) || timeout <= TimeSpan.Zero) faults.Add("--timeout must be a duration such as 30s or 2m.");
        foreach (var fault in faults) await Console.Error.WriteLineAsync(fault).ConfigureAwait(false);
        if (faults.Count > 0) return ExitCode.Usage;
        try
        {
            using var cluster = ClusterConnection.Open(options);
            var request = await RequestAsync(cluster, line.GetValue(_namespace)!, line.GetValue(_account), stop).ConfigureAwait(false);
            return await RunAsync(cluster, request, timeout, line.GetValue(_namespace)!, stop).ConfigureAwait(false);
        }
        catch (Exception mistake) when (mistake is ClusterUnavailableException || ApiFault.Of(mistake, stop) is not null)
        {
            await Console.Error.WriteLineAsync(ApiFault.Of(mistake, stop)?.Message ?? mistake.Message).ConfigureAwait(false);
            return ExitCode.Failure;
        }
    }

    private static async Task<string> RequestAsync(ClusterConnection cluster, string inNamespace, string? account, CancellationToken stop)
    {
        if (account is null) return ApiNames.UninstallRequested;
        var found = await cluster.CoreV1.ReadNamespacedServiceAccountAsync(account, inNamespace, cancellationToken: stop).ConfigureAwait(false);
        return found.Metadata.Uid;
    }

    private static async Task<int> RunAsync(ClusterConnection cluster, string request, TimeSpan timeout, string agents, CancellationToken stop)
    {
        var watch = new ObjectWatch<SystemGeneration>(cluster, new ObjectSelection(), TimeProvider.System, Random.Shared, NullLogger.Instance);
        var result = await new HookWithdrawal(cluster, watch, request, TimeProvider.System).RunAsync(timeout, stop).ConfigureAwait(false);
        foreach (var node in result.Withdrawn) await Console.Out.WriteLineAsync($"{node}: the hook is off").ConfigureAwait(false);
        foreach (var (node, why) in result.Skipped)
        {
            await Console.Out.WriteLineAsync($"{node}: skipped, {why}; should it come back, run `sysgenid-operator node uninstall-hook` there").ConfigureAwait(false);
        }

        foreach (var (node, why) in result.Unanswered)
        {
            await Console.Error.WriteLineAsync($"{node}: {why}; look at `kubectl -n {agents} get pods --field-selector spec.nodeName={node}`").ConfigureAwait(false);
        }

        return result.Unanswered.Count == 0 ? ExitCode.Success : ExitCode.Failure;
    }
}
