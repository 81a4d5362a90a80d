using Microsoft.Extensions.Hosting;
using SysGenId.Operator.Node.Reporting;

namespace SysGenId.Operator.Hosting;

/// <summary>Reports beside the agent, and ends before it.</summary>
internal sealed class ReportingService(NodeReporter reporter) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Run(() => reporter.RunAsync(stoppingToken), CancellationToken.None);
}
