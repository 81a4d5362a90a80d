using System.Buffers;
using System.Text.Json;
using SysGenId.Core;
using SysGenId.Core.Generations;
using SysGenId.Core.Protocol;
using SysGenId.Operator.Node.Gate;
using SysGenId.Operator.Node.Generations;
using SysGenId.Operator.Node.Sidecars;
using SysGenId.Operator.Node.Sources;
using SysGenId.Operator.Node.State;

namespace SysGenId.Operator.Node.Sessions;

/// <summary>What the command line asks of an agent. Loop thread only.</summary>
internal sealed class NodeCommands
{
    private readonly GenerationPublisher _publisher;
    private readonly NodeWideBumps _bumps;
    private readonly SidecarDirectory _sidecars;
    private readonly WatcherWaits _waits;
    private readonly GateKeeper _gate;
    private readonly EventSources _sources;
    private readonly NodeSettings _settings;
    private readonly string _node;
    private readonly StateFile _file;

    public NodeCommands(
        GenerationPublisher publisher, NodeWideBumps bumps, SidecarDirectory sidecars, WatcherWaits waits, GateKeeper gate, EventSources sources,
        NodeSettings settings, string node, StateFile file)
    {
        (_publisher, _bumps, _sidecars, _waits, _gate, _sources) = (publisher, bumps, sidecars, waits, gate, sources);
        (_settings, _node, _file) = (settings, node, file);
    }

    private GenerationChange Current => _publisher.Node.Current;

    /// <summary>A bump from outside (S13).</summary>
    public Message Force(Message request)
    {
        var draft = _publisher.Draft(GenerationCause.Forced) with { Minimum = request.MinimumGeneration };
        if (_bumps.TryBump(draft, out var failure) is not { } change) return failure!;
        return new Message { Ok = true, Generation = change.Generation, Id = change.Id };
    }

    /// <summary>Answers once nobody on the node is outdated (S12).</summary>
    public void WaitWatchers(Message request, AgentSession session) => _waits.Begin(request, session);

    /// <summary>Proves the gate anew (S27).</summary>
    public void ProveGate(Action<Message> reply) => _gate.Prove(status =>
        reply(status.IsProven ? new Message { Ok = true, Text = status.Message } : Message.Failure(ErrorCode.GateUnproven, status.Message)));

    /// <summary>The line that answers <c>status</c>.</summary>
    public byte[] Status() => Line(json =>
    {
        MessageWriter.WriteFields(json, new Message
        {
            Ok = true,
            Role = "node",
            Version = ProductVersion.Text,
            Generation = Current.Generation,
            Id = Current.Id,
            Cause = Current.Cause,
            TimeNs = Current.TimeNs,
            Watchers = _sidecars.Watchers,
            Outdated = _sidecars.Outdated,
        });
        json.WriteString("node", _node);
        json.WriteString("restoreScope", _settings.RestoreScope.ToString());
        json.WriteString("restoreFailurePolicy", _settings.RestoreFailurePolicy.ToString());
        json.WriteNumber("publishTimeoutMs", (long)_settings.PublishTimeout.TotalMilliseconds);
        WriteGate(json);
        WriteSources(json);
        WriteState(json);
        json.WriteStartArray("sidecars");
        foreach (var link in _sidecars.Links) WriteSidecar(json, link);
        json.WriteEndArray();
    });

    /// <summary>The line that answers <c>history</c>.</summary>
    public byte[] History() => Line(json =>
    {
        json.WriteBoolean("ok", true);
        json.WriteStartArray("changes");
        foreach (var change in _publisher.Node.History) WriteChange(json, change);
        json.WriteEndArray();
    });

    private void WriteGate(Utf8JsonWriter json)
    {
        json.WriteStartObject("gate");
        json.WriteBoolean("proven", _gate.Status.IsProven);
        json.WriteString("message", _gate.Status.Message);
        json.WriteEndObject();
    }

    private void WriteSources(Utf8JsonWriter json)
    {
        json.WriteStartArray("sources");
        foreach (var source in _sources.Look())
        {
            json.WriteStartObject();
            json.WriteString("name", source.Name);
            json.WriteBoolean("active", source.State.IsActive);
            json.WriteString("reason", source.State.Reason.ToString());
            json.WriteString("message", source.State.Message);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void WriteState(Utf8JsonWriter json)
    {
        json.WriteStartObject("state");
        json.WriteString("path", _file.FilePath);
        json.WriteBoolean("writable", _publisher.StateFault is null);
        if (_publisher.StateFault is { } fault) json.WriteString("message", fault);
        json.WriteEndObject();
    }

    private static void WriteSidecar(Utf8JsonWriter json, SidecarLink link)
    {
        json.WriteStartObject();
        json.WriteString("name", link.Identity.Name);
        json.WriteNumber("generation", link.Generation);
        json.WriteNumber("watchers", link.Watchers);
        json.WriteNumber("outdated", link.Outdated);
        json.WriteBoolean("quiesced", link.IsQuiesced);
        json.WriteBoolean("confirmed", link.IsConfirmed);
        json.WriteBoolean("upToDate", link.IsConfirmed && link.Outdated == 0);
        json.WriteEndObject();
    }

    private static void WriteChange(Utf8JsonWriter json, GenerationChange change)
    {
        json.WriteStartObject();
        json.WriteNumber("generation", change.Generation);
        json.WriteString("id", change.Id);
        json.WriteString("cause", change.Cause.Name());
        json.WriteNumber("timeNs", change.TimeNs);
        json.WriteString("outcome", Name(change.Outcome));
        json.WriteStartArray("sources");
        foreach (var source in change.ReportedBy()) json.WriteStringValue(source);
        json.WriteEndArray();
        if (change.IsSuspected) json.WriteBoolean("suspected", true);
        if (change.Pod is { } pod) json.WriteString("pod", pod);
        if (change.Container is { } container) json.WriteString("container", container);
        if (change.Minimum is { } minimum) json.WriteNumber("minimum", minimum);
        if (change.Message is { } message) json.WriteString("message", message);
        json.WriteEndObject();
    }

    private static string Name(ChangeOutcome outcome) => outcome switch
    {
        ChangeOutcome.Published => "published",
        ChangeOutcome.TimedOut => "timed-out",
        ChangeOutcome.Missed => "missed",
        ChangeOutcome.Recorded => "recorded",
        _ => "refused",
    };

    private static byte[] Line(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, MessageWriter.Options))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }
}
