using System.Text;
using SysGenId.Conformance.Tests.Interfaces;

namespace SysGenId.Conformance.Tests.Matrix;

/// <summary>Rules by interfaces, made from the scenarios there are and what each interface can express.</summary>
internal sealed class Table
{
    private const string Introduction = """
        # Conformance

        Every rule of [semantics.md](semantics.md) is written down once as scenarios, in `tests/SysGenId.Conformance.Tests`, and run
        over every interface that can express it. This page is written by those tests (`SYSGENID_UPDATE_GOLDEN=1`), and they fail
        when it is not what they ran.

        A number says how many scenarios of the rule pass over the interface. `2 of 3` says that the interface cannot express
        the third, and a dash that it can express none; the notes say why.


        """;

    private readonly List<string> _notes = [];

    /// <summary>The whole page.</summary>
    public static string Page() => new Table().Write();

    private string Write()
    {
        var page = new StringBuilder(Introduction);
        foreach (var one in AllInterfaces.List) page.Append($"- **{one.Name}**: {one.Description}\n");
        page.Append($"\n| rule | | {Columns(one => one.Name)} |\n|---|---|{string.Concat(AllInterfaces.List.Select(_ => "---|"))}\n");
        foreach (var rule in Rule.All) page.Append($"| {rule.Number} | {rule.Title} | {Columns(one => Cell(rule, one))} |\n");
        page.Append("\n## What an interface cannot express\n\n");
        for (var note = 0; note < _notes.Count; note++) page.Append($"{note + 1}. {_notes[note]}\n");
        page.Append("\n## Scenarios\n\n");
        foreach (var scenario in Scenario.All) page.Append($"- {Sentence(scenario)}\n");
        return page.ToString();
    }

    private static string Columns(Func<IGenerationInterface, string> cell) => string.Join(" | ", AllInterfaces.List.Select(cell));

    private static string Sentence(Scenario scenario)
    {
        var rules = string.Join("_and_", scenario.Rules);
        return $"{string.Join(", ", scenario.Rules)}: {scenario.Name[rules.Length..].Replace('_', ' ').Trim()}";
    }

    private string Cell(Rule rule, IGenerationInterface one)
    {
        var scenarios = Scenario.All.Where(scenario => scenario.Rules.Contains(rule.Number)).ToList();
        var missing = scenarios.SelectMany(scenario => scenario.Over.MissingFrom(one)).Distinct().ToList();
        var run = scenarios.Count(scenario => scenario.Over.MissingFrom(one).Count == 0);
        if (missing.Count == 0) return $"{run}";
        var notes = string.Concat(missing.Select(lacking => Note(one, lacking)).Distinct().Order().Select(number => $" [{number}]"));
        return (run == 0 ? "–" : $"{run} of {scenarios.Count}") + notes;
    }

    private int Note(IGenerationInterface one, Capability lacking)
    {
        var note = $"**{one.Name}**: {one.Inexpressible[lacking]}";
        if (!_notes.Contains(note)) _notes.Add(note);
        return _notes.IndexOf(note) + 1;
    }
}
