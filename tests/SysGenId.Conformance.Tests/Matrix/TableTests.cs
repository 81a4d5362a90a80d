using SysGenId.Conformance.Tests.Interfaces;
using SysGenId.TestSupport;

namespace SysGenId.Conformance.Tests.Matrix;

/// <summary>The table says what is so, and no more.</summary>
public sealed class TableTests
{
    [Fact]
    public void Every_rule_has_a_scenario_and_every_scenario_a_rule()
    {
        Assert.Equal(25, Rule.All.Count);
        Assert.All(Scenario.All, scenario => Assert.NotEmpty(scenario.Rules));
        Assert.Equal(Rule.All.Select(rule => rule.Number), Scenario.All.SelectMany(scenario => scenario.Rules).Distinct().Order());
    }

    [Fact]
    public void Every_rule_runs_over_an_interface() => Assert.All(
        Rule.All,
        rule => Assert.Contains(
            AllInterfaces.List,
            one => Scenario.All.Any(scenario => scenario.Rules.Contains(rule.Number) && scenario.Over.MissingFrom(one).Count == 0)));

    [Fact]
    public void An_interface_names_nothing_inexpressible_that_no_scenario_asks_for() => Assert.All(
        AllInterfaces.List,
        one => Assert.Subset(Scenario.All.SelectMany(scenario => scenario.Over.Needs).ToHashSet(), one.Inexpressible.Keys.ToHashSet()));

    [Fact]
    public void The_table_in_the_documents_is_the_one_of_these_scenarios()
    {
        var page = Table.Page();
        TestContext.Current.TestOutputHelper?.WriteLine(page);
        GoldenFile.Matches("docs/conformance.md", page);
    }

    /// <summary>A run of some tests cannot tell; one of all must.</summary>
    [Fact]
    public void Every_scenario_that_the_table_counts_has_passed_in_this_run()
    {
        var counted = AllInterfaces.AndModels.SelectMany(
            one => Scenario.All.Where(scenario => scenario.Over.MissingFrom(one).Count == 0).Select(scenario => (scenario.Name, Over: one.Name)));

        var missing = counted.Where(cell => !Ledger.HasPassed(cell.Name, cell.Over)).Select(cell => $"{cell.Name} over {cell.Over}").ToList();

        Requires.That(missing.Count == 0, $"needs all scenarios to have passed before it, but not: {string.Join(", ", missing)}");
    }
}
