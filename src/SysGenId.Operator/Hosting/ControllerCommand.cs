using System.CommandLine;
using Microsoft.Extensions.Logging;
using SysGenId.Operator.Api;
using SysGenId.Operator.Cluster;
using SysGenId.Operator.Control;
using SysGenId.Operator.Control.Admission;
using SysGenId.Operator.Control.Admission.Injection;
using SysGenId.Operator.Control.Certificates;
using SysGenId.Operator.Control.Leadership;
using SysGenId.Operator.Control.Objects;

namespace SysGenId.Operator.Hosting;

/// <summary><c>sysgenid-operator controller</c>: options to settings, all faults in one message.</summary>
internal static class ControllerCommand
{
    private const int DefaultHttpPort = 9478;

    private static readonly ControllerOptions _defaults = new();
    private static readonly SidecarResources _resources = new();

    private static readonly Option<string?> _kubeconfig = new("--kubeconfig") { Description = "How to reach the API server; default: the service account of this pod." };
    private static readonly Option<string?> _context = new("--context") { Description = "A context of --kubeconfig; default: its current one." };
    private static readonly Option<string> _namespace = Choice("--namespace", "The namespace that SysGenId is installed in.", _defaults.Leadership.Namespace);
    private static readonly Option<string> _daemonSet = Choice("--agent-daemonset", "The DaemonSet of the agents.", _defaults.Objects.AgentDaemonSet);
    private static readonly Option<string> _nodeGrace = Length("--node-grace", "How long a node may be gone before its SystemGeneration is deleted: 1s to 24h.", _defaults.Objects.NodeGrace);
    private static readonly Option<string> _lease = Choice("--lease", "The Lease that makes one replica the leader.", _defaults.Leadership.Lease);
    private static readonly Option<string> _leaseDuration = Length("--lease-duration", "How long other replicas wait for a silent leader: 3s to 5m.", _defaults.Leadership.LeaseDuration);
    private static readonly Option<int> _port = Choice("--webhook-port", "Serve the admission webhook with TLS on this port of all addresses.", _defaults.WebhookPort);
    private static readonly Option<string> _drain = Length("--drain", "How long the webhook goes on after SIGTERM: 0s to 60s.", _defaults.Drain);
    private static readonly Option<string> _service = Choice("--webhook-service", "The Service through which API servers call the webhook.", _defaults.Certificates.Service);
    private static readonly Option<string> _configuration = Choice("--webhook-configuration", "The MutatingWebhookConfiguration whose caBundle is kept.", _defaults.Certificates.WebhookConfiguration);
    private static readonly Option<string> _certificates = Choice("--certificates", "'managed', or a directory in which somebody else keeps tls.crt and tls.key.", _defaults.Certificates.Source);
    private static readonly Option<string> _secret = Choice("--certificate-secret", "The Secret of managed certificates.", _defaults.Certificates.Secret);
    private static readonly Option<string> _servingLifetime = Length("--certificate-lifetime", "How long a managed serving certificate lives: 10s to 8784h. Renewed when a third is left.", _defaults.Certificates.Lifetimes.Serving);
    private static readonly Option<string> _authorityLifetime = Length("--authority-lifetime", "How long a managed authority lives, from three times as long. Rotated when a third is left.", _defaults.Certificates.Lifetimes.Authority);
    private static readonly Option<string> _image = new("--sidecar-image") { Description = "The sidecar's image, unless a pod names another.", DefaultValueFactory = _ => "" };
    private static readonly Option<string?> _pullPolicy = new("--pull-policy") { Description = "Always, IfNotPresent or Never; default: the API server's." };
    private static readonly Option<string> _cpuRequest = Choice("--sidecar-cpu-request", "The sidecar's CPU request, unless a pod names another; empty for none.", _resources.CpuRequest ?? "");
    private static readonly Option<string> _cpuLimit = Choice("--sidecar-cpu-limit", "The same, limit.", _resources.CpuLimit ?? "");
    private static readonly Option<string> _memoryRequest = Choice("--sidecar-memory-request", "The sidecar's memory request, unless a pod names another; empty for none.", _resources.MemoryRequest ?? "");
    private static readonly Option<string> _memoryLimit = Choice("--sidecar-memory-limit", "The same, limit.", _resources.MemoryLimit ?? "");
    private static readonly Option<string?> _agentDirectory = new("--agent-socket-directory") { Description = "The directory of the agent's socket on every node; default /run/sysgenid." };
    private static readonly Option<LogLevel> _level = Choice("--log-level", "Trace, Debug, Information, Warning, Error or Critical.", LogLevel.Information);
    private static readonly ObservationOptions _observation = new($"Default {DefaultHttpPort}.");

    public static Command Build()
    {
        var command = new Command("controller", "Run the controller: the injection webhook in every replica; objects and certificates in the one that leads.")
        {
            _kubeconfig, _context, _namespace, _daemonSet, _nodeGrace, _lease, _leaseDuration, _port, _drain, _service, _configuration, _certificates,
            _secret, _servingLifetime, _authorityLifetime, _image, _pullPolicy, _cpuRequest, _cpuLimit, _memoryRequest, _memoryLimit, _agentDirectory, _level,
        };
        _observation.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult line)
    {
        var faults = new List<string>();
        var settings = new ControllerSettings(
            Controller(line, faults),
            Injection(line),
            new ClusterOptions { Kubeconfig = line.GetValue(_kubeconfig), Context = line.GetValue(_context) },
            _observation.Endpoint(line, DefaultHttpPort, faults),
            line.GetValue(_level),
            _observation.Format(line));
        faults.AddRange(settings.Cluster.Faults());
        faults.AddRange(settings.Controller.Faults());
        faults.AddRange(settings.Injection.Faults());
        if (faults.Count == 0) return await ControllerHost.RunAsync(settings).ConfigureAwait(false);
        foreach (var fault in faults.Distinct()) await Console.Error.WriteLineAsync(fault).ConfigureAwait(false);
        return ExitCode.Usage;
    }

    private static ControllerOptions Controller(ParseResult line, List<string> faults)
    {
        var inNamespace = line.GetValue(_namespace)!;
        return new ControllerOptions
        {
            WebhookPort = line.GetValue(_port),
            Drain = Parse(line, _drain, _defaults.Drain, faults),
            Leadership = new LeadershipOptions
            {
                Namespace = inNamespace,
                Lease = line.GetValue(_lease)!,
                LeaseDuration = Parse(line, _leaseDuration, _defaults.Leadership.LeaseDuration, faults),
            },
            Certificates = new CertificateOptions
            {
                Source = line.GetValue(_certificates)!,
                Namespace = inNamespace,
                Secret = line.GetValue(_secret)!,
                Service = line.GetValue(_service)!,
                WebhookConfiguration = line.GetValue(_configuration)!,
                Lifetimes = new CertificateLifetimes
                {
                    Serving = Parse(line, _servingLifetime, _defaults.Certificates.Lifetimes.Serving, faults),
                    Authority = Parse(line, _authorityLifetime, _defaults.Certificates.Lifetimes.Authority, faults),
                },
            },
            Objects = new ObjectsOptions
            {
                Namespace = inNamespace,
                AgentDaemonSet = line.GetValue(_daemonSet)!,
                NodeGrace = Parse(line, _nodeGrace, _defaults.Objects.NodeGrace, faults),
            },
        };
    }

    private static InjectionSettings Injection(ParseResult line)
    {
        var settings = new InjectionSettings
        {
            Namespace = line.GetValue(_namespace)!,
            SidecarImage = line.GetValue(_image)!,
            PullPolicy = line.GetValue(_pullPolicy),
            Resources = new SidecarResources
            {
                CpuRequest = OrNone(line.GetValue(_cpuRequest)),
                CpuLimit = OrNone(line.GetValue(_cpuLimit)),
                MemoryRequest = OrNone(line.GetValue(_memoryRequest)),
                MemoryLimit = OrNone(line.GetValue(_memoryLimit)),
            },
        };
        return line.GetValue(_agentDirectory) is { } directory ? settings with { AgentSocketDirectory = directory } : settings;
    }

    private static TimeSpan Parse(ParseResult line, Option<string> option, TimeSpan otherwise, List<string> faults)
    {
        if (Duration.TryParse(line.GetValue(option), out var duration)) return duration;
        faults.Add($"{option.Name} must be a duration such as 15s, 5m or 72h.");
        return otherwise;
    }

    private static string? OrNone(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static Option<string> Length(string name, string description, TimeSpan value) => Choice(name, description, Duration.Format(value));

    private static Option<T> Choice<T>(string name, string description, T value) =>
        new(name) { Description = description, DefaultValueFactory = _ => value };
}
