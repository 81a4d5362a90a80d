using SysGenId.Cli.Output;
using SysGenId.Cli.Sockets;
using SysGenId.Core.Protocol;

namespace SysGenId.Cli.Commands;

/// <summary>The answer of <c>status</c> in words.</summary>
internal sealed class StatusText(Answer answer, TimeProvider clock)
{
    private const string GateLost = "NOT PROVEN";

    private readonly Facts _facts = new();
    private readonly List<string> _advice = [];

    public void WriteNode(TextWriter output)
    {
        _facts.Add("node", answer.Text(AnswerField.Node) ?? "-");
        AddGeneration();
        AddWatchers();
        AddSidecars();
        AddGate();
        AddMachine();
        AddState();
        AddPolicy();
        WriteTo(output);
    }

    public void WritePod(TextWriter output)
    {
        AddGeneration();
        AddWatchers();
        AddAgentLink();
        _facts.Add("gate", answer.Flag(MessageField.GateProven) switch
        {
            true => "proven",
            false => GateLost + ": a restore on this node may go unnoticed",
            null => "unknown",
        });
        if (answer.Flag(MessageField.Quiesced) == true) _facts.Add("sockets", "closed while a checkpoint is taken");
        WriteTo(output);
    }

    private void AddGeneration()
    {
        var generation = answer.RequiredGeneration(MessageField.Generation);
        var time = answer.Number(MessageField.TimeNs) ?? 0;
        _facts.Add("generation", generation.ToString());
        _facts.Add("id", Identity.Show(answer.Text(MessageField.Id)));
        _facts.Add("cause", answer.Text(MessageField.Cause) is { } cause and not "None" ? cause : "- (never bumped)");
        if (time != 0) _facts.Add("since", $"{Moments.Date(time)} ({Moments.Ago(time, clock)})");
    }

    private void AddWatchers()
    {
        var outdated = answer.Number(MessageField.Outdated) ?? 0;
        _facts.Add("watchers", WatcherText.Counts(answer.Number(MessageField.Watchers) ?? 0, outdated));
        if (outdated == 0) return;
        _advice.Add("`sysgenid watchers` shows where the outdated ones are, `sysgenid wait --timeout 30` waits for them.");
    }

    private void AddSidecars()
    {
        var sidecars = answer.List(AnswerField.Sidecars);
        var late = sidecars.Count(sidecar => sidecar.Flag(AnswerField.UpToDate) == false);
        var quiesced = sidecars.Count(sidecar => sidecar.Flag(AnswerField.Quiesced) == true);
        var text = sidecars.Count == 0 ? "none connected" : $"{sidecars.Count}, {(late == 0 ? "all up to date" : $"{late} NOT UP TO DATE")}";
        _facts.Add("sidecars", quiesced == 0 ? text : $"{text}, {quiesced} closed while a checkpoint is taken");
    }

    private void AddGate()
    {
        var gate = answer.Part(AnswerField.Gate);
        var proven = gate?.Flag(AnswerField.Proven);
        _facts.Add("gate", Reasoned(proven switch { true => "proven", false => GateLost, null => "unknown" }, proven == true ? null : gate));
        if (proven == false) _advice.Add("Restores may go unnoticed: `sysgenid doctor` tells what to do.");
    }

    private void AddMachine()
    {
        var sources = new MachineSources(answer);
        if (!sources.AreKnown) return;
        var active = sources.Active.Count == 0 ? "nothing tells of clones and rollbacks of it" : $"noticed by {string.Join(", ", sources.Active)}";
        _facts.Add("machine", string.Join("; ", sources.Faults.Select(fault => $"NOT ACTIVE {fault}").Prepend(active)));
    }

    private void AddState()
    {
        if (answer.Part(AnswerField.State) is not { } state) return;
        var writable = state.Flag(AnswerField.Writable) != false;
        var path = state.Text(AnswerField.Path) ?? "-";
        _facts.Add("state", writable ? path : Reasoned($"{path} NOT WRITABLE", state));
        if (!writable) _advice.Add("Bumps may be refused: make room on that file system or make it writable; the agent goes on by itself.");
    }

    private void AddPolicy()
    {
        var scope = answer.Text(AnswerField.RestoreScope) ?? "-";
        var policy = answer.Text(AnswerField.RestoreFailurePolicy) ?? "-";
        var limit = answer.Number(AnswerField.PublishTimeoutMs) is { } ms ? $"{ms / 1000.0:0.###} s" : "-";
        _facts.Add("restores", $"scope {scope}, on failure {policy}, publish timeout {limit}");
    }

    private void AddAgentLink()
    {
        var connected = answer.Flag(MessageField.AgentConnected);
        _facts.Add("agent", connected switch { true => "connected", false => "NOT CONNECTED", null => "unknown" });
        if (connected == false) _advice.Add("Bumps of the node do not arrive here: see on the node that its agent runs (`sysgenid doctor`).");
    }

    private void WriteTo(TextWriter output)
    {
        _facts.WriteTo(output);
        if (_advice.Count > 0) output.WriteLine();
        foreach (var line in _advice) output.WriteLine(line);
    }

    private static string Reasoned(string verdict, Answer? part) =>
        part?.Text(AnswerField.Message) is { Length: > 0 } reason ? $"{verdict}: {reason}" : verdict;
}
