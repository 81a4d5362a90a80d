using SysGenId.Cli.Sockets;

namespace SysGenId.Cli.Commands;

/// <summary>Who tells a node that its machine was cloned or rolled back, as its agent says.</summary>
internal sealed class MachineSources
{
    // The gate has a line of its own.
    private const string Criu = "criu";

    // An agent's reasons for a source that nobody has to do anything about.
    private static readonly string[] _noFaults = ["Active", "NotStarted", "NotPresent", "Disabled"];

    private readonly IReadOnlyList<Answer> _sources;

    public MachineSources(Answer status) => _sources = [.. status.List(AnswerField.Sources).Where(source => source.Text(AnswerField.Name) != Criu)];

    /// <summary>Whether the agent is one that has any.</summary>
    public bool AreKnown => _sources.Count > 0;

    /// <summary>Those that are active.</summary>
    public IReadOnlyList<string> Active => [.. _sources.Where(source => source.Flag(AnswerField.Active) == true).Select(Name)];

    /// <summary>Those that could be and are not, each with the reason.</summary>
    public IReadOnlyList<string> Faults =>
        [.. _sources.Where(source => !_noFaults.Contains(source.Text(AnswerField.Reason))).Select(source => $"{Name(source)}: {source.Text(AnswerField.Message) ?? "-"}")];

    private static string Name(Answer source) => source.Text(AnswerField.Name) ?? "-";
}
