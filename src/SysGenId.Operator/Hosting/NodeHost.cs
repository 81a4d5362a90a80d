using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using SysGenId.Operator.Node;

namespace SysGenId.Operator.Hosting;

/// <summary>The process around a node agent: logging, signals, systemd.</summary>
internal static class NodeHost
{
    /// <summary>Runs an agent until SIGTERM or SIGINT.</summary>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(NodeOptions options, LogLevel level)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(level).AddFilter("Microsoft", LogLevel.Warning).AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.IncludeScopes = false;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
            console.UseUtcTimestamp = true;
        });

        // Who reads our log must not be able to stop us: lines that would wait for it are dropped, and counted in the log.
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite);
        builder.Services.AddSystemd();
        NotifyWhoeverAsks(builder.Services);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(NodeSurroundings.Standalone);
        builder.Services.AddSingleton<NodeService>();
        builder.Services.AddHostedService(services => services.GetRequiredService<NodeService>());
        using var host = builder.Build();
        var node = host.Services.GetRequiredService<NodeService>();
        await host.RunAsync().ConfigureAwait(false);
        return node.Failure is null ? ExitCode.Success : ExitCode.Failure;
    }

    // AddSystemd takes a process for a service only when its parent is named systemd. Whoever starts it with a socket for
    // notifications waits for them: a wrapper's systemd, podman, another supervisor.
    private static void NotifyWhoeverAsks(IServiceCollection services)
    {
        if (Environment.GetEnvironmentVariable("NOTIFY_SOCKET") is null) return;
        services.AddSingleton<ISystemdNotifier, NodeNotifier>();
        services.AddSingleton<IHostLifetime, SystemdLifetime>();
    }
}
