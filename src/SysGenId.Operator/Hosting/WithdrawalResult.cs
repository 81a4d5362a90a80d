namespace SysGenId.Operator.Hosting;

/// <summary>What came of asking every node to give its hook up.</summary>
/// <param name="Withdrawn">Nodes that did.</param>
/// <param name="Skipped">Nodes that cannot be asked, and why.</param>
/// <param name="Unanswered">Nodes that did not, and what they say.</param>
internal sealed record WithdrawalResult(
    IReadOnlyList<string> Withdrawn, IReadOnlyList<(string Node, string Why)> Skipped, IReadOnlyList<(string Node, string Why)> Unanswered);
