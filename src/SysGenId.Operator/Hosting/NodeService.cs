using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SysGenId.Operator.Node;

namespace SysGenId.Operator.Hosting;

/// <summary>Runs the node agent on a thread of its own, between the host's start and its stop.</summary>
internal sealed class NodeService : IHostedService, IDisposable
{
    private readonly NodeAgent _agent;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly ILogger<NodeService> _log;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public NodeService(NodeOptions options, NodeSurroundings surroundings, TimeProvider clock, IHostApplicationLifetime lifetime, ILogger<NodeService> log)
    {
        _agent = new NodeAgent(options, surroundings, clock, log);
        (_lifetime, _log) = (lifetime, log);
    }

    /// <summary>Why the agent ended; null when it was asked to.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Returns once the agent serves: that is when systemd is told so.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        new Thread(Run) { Name = "node" }.Start();
        return _started.Task.WaitAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _stop.Cancel();
        return _ended.Task.WaitAsync(cancellationToken);
    }

    public void Dispose() => _stop.Dispose();

    private void Run()
    {
        try
        {
            _agent.Run(_started.SetResult, _stop.Token);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Failure = failure;
            _log.AgentFailed(failure.Message);
        }
        finally
        {
            _started.TrySetResult();
            _ended.SetResult();

            // Not before the host has started: it would take the stop for a cancelled start, and say so with a stack trace.
            _lifetime.ApplicationStarted.Register(_lifetime.StopApplication);
        }
    }
}
