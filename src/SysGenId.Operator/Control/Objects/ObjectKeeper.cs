using System.Runtime.ExceptionServices;
using System.Text.Json;
using k8s.Models;
using Microsoft.Extensions.Logging;
using SysGenId.Operator.Api;
using SysGenId.Operator.Cluster;

namespace SysGenId.Operator.Control.Objects;

/// <summary>The leader's part: says of every node whether its agent is ready, and deletes what is left of vanished nodes.</summary>
internal sealed class ObjectKeeper
{
    /// <summary>Writes of one round. What is left waits for the next: a fresh installation has one write for every node.</summary>
    private const int MostWrites = 20;

    private static readonly TimeSpan NextRound = TimeSpan.FromSeconds(1);

    private readonly ClusterConnection _cluster;
    private readonly ObjectsOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly ObjectWatch<SystemGeneration> _objects;
    private readonly ObjectWatch<NodeRecord> _nodes;
    private readonly AgentPodsWatch _agents;
    private readonly ReconcileLoop _loop;

    /// <param name="cluster">The leader's connection.</param>
    /// <param name="options">Checked ones.</param>
    /// <param name="metrics">Counts rounds.</param>
    /// <param name="clock">Graces end on it.</param>
    /// <param name="chance">Where chance comes from.</param>
    /// <param name="log">Where changes are told.</param>
    public ObjectKeeper(ClusterConnection cluster, ObjectsOptions options, IReconcileMetrics metrics, TimeProvider clock, Random chance, ILogger log)
    {
        (_cluster, _options, _clock, _log) = (cluster, options, clock, log);
        _objects = new(cluster, new ObjectSelection(), clock, chance, log);
        _nodes = new(cluster, new ObjectSelection(), clock, chance, log);
        _agents = new(cluster, options.Namespace, options.AgentDaemonSet, clock, chance, log);
        _loop = new ReconcileLoop("objects", clock, chance, metrics, log);
        _objects.Changed += _ => _loop.Wake();
        _nodes.Changed += Wake;
        _agents.Changed += _loop.Wake;
    }

    /// <summary>The SystemGenerations as they are now; empty until they are known.</summary>
    public IEnumerable<SystemGeneration> Objects => _objects.Objects.Values;

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var watches = Task.WhenAll(_objects.RunAsync(cancellation), _nodes.RunAsync(cancellation), _agents.RunAsync(cancellation));
        try
        {
            await Task.WhenAll(_objects.Synced, _nodes.Synced).WaitAsync(cancellation).ConfigureAwait(false);
            await _loop.RunAsync(RoundAsync, cancellation).ConfigureAwait(false);
        }
        finally
        {
            await watches.ConfigureAwait(false);
        }
    }

    // A node's status changes all the time, and is nothing to us.
    private void Wake(ObjectChange<NodeRecord> change)
    {
        if (change.Kind != ObjectChangeKind.Modified) _loop.Wake();
    }

    private async Task<ReconcileRound> RoundAsync(CancellationToken cancellation)
    {
        if (_agents.Read() is not { } agents) return new(ReconcileResult.Unchanged, null);
        var now = _clock.GetUtcNow();
        var nodes = _nodes.Objects;
        var plan = ObjectPlan.Of(_objects.Objects.Values, nodes.ContainsKey, agents, _options.NodeGrace, now);
        await TakeAsync(plan.Steps.Take(MostWrites), cancellation).ConfigureAwait(false);
        var lookAgain = plan.Steps.Count > 0 ? NextRound : plan.LookAgain - now;
        return new(plan.Steps.Count > 0 ? ReconcileResult.Changed : ReconcileResult.Unchanged, lookAgain);
    }

    /// <summary>Takes all steps that can be taken, then throws the first fault: one object must not hold up the others.</summary>
    private async Task TakeAsync(IEnumerable<ObjectStep> steps, CancellationToken cancellation)
    {
        ExceptionDispatchInfo? first = null;
        foreach (var step in steps)
        {
            try
            {
                await (step.Readiness is { } readiness ? SayAsync(step.Object, readiness, cancellation) : DeleteAsync(step.Object, cancellation)).ConfigureAwait(false);
            }
            catch (Exception failure) when (ApiFault.Of(failure, cancellation) is { } fault)
            {
                first ??= ExceptionDispatchInfo.Capture(failure);
                if (fault.IsTransient) break;
            }
        }

        first?.Throw();
    }

    private async Task SayAsync(SystemGeneration item, AgentReadiness readiness, CancellationToken cancellation)
    {
        var name = item.Metadata.Name;
        var before = ObjectPlan.Condition(item);
        var wanted = new SystemGeneration
        {
            // With its uid: it is never written onto the object of another node of that name.
            Metadata = new V1ObjectMeta { Name = name, Uid = item.Metadata.Uid },
            Status = new SystemGenerationStatus { Conditions = [Condition(readiness, before)] },
        };
        try
        {
            await _cluster.ApplyStatusAsync(wanted, ApiNames.ControllerManager, cancellation).ConfigureAwait(false);
            if (before?.Status != readiness.Status || before?.Reason != readiness.Reason) _log.AgentReady(name, readiness.Status, readiness.Reason, readiness.Message);
        }
        catch (Exception failure) when (ApiFault.Of(failure, cancellation) is { IsNotFound: true })
        {
            // Gone meanwhile.
        }
    }

    private V1Condition Condition(AgentReadiness readiness, V1Condition? before) => new()
    {
        Type = ConditionTypes.AgentReady,
        Status = readiness.Status,
        Reason = readiness.Reason,
        Message = readiness.Message,
        LastTransitionTime = before?.Status == readiness.Status ? before.LastTransitionTime : WholeSeconds(_clock.GetUtcNow()),
    };

    private async Task DeleteAsync(SystemGeneration item, CancellationToken cancellation)
    {
        var name = item.Metadata.Name;
        try
        {
            // The last word has the API server, not a copy that may be behind.
            await _cluster.SendAsync<NodeRecord>(HttpMethod.Get, ResourceAddress.Object<NodeRecord>(null, name), null, cancellation).ConfigureAwait(false);
            _log.NodeExists(name);
            return;
        }
        catch (Exception failure) when (ApiFault.Of(failure, cancellation) is { IsNotFound: true })
        {
            // As expected.
        }

        // Somebody may have written since, such as an agent that is there after all: then not.
        var options = new V1DeleteOptions
        {
            Preconditions = new V1Preconditions { Uid = item.Metadata.Uid, ResourceVersion = item.Metadata.ResourceVersion },
        };
        try
        {
            await _cluster.SendAsync<JsonElement>(HttpMethod.Delete, ResourceAddress.Object<SystemGeneration>(null, name), options, cancellation).ConfigureAwait(false);
            _log.Deleted(name);
        }
        catch (Exception failure) when (ApiFault.Of(failure, cancellation) is { IsNotFound: true })
        {
            // Gone meanwhile.
        }
    }

    // As the API server stores it.
    private static DateTime WholeSeconds(DateTimeOffset time) => DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds()).UtcDateTime;
}
