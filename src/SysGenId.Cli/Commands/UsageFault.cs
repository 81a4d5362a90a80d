using System.CommandLine;
using SysGenId.Cli.Output;

namespace SysGenId.Cli.Commands;

/// <summary>Says what is wrong with a command line and where to read on.</summary>
internal static class UsageFault
{
    public static int Show(ParseResult parsed, TextWriter errors)
    {
        var command = parsed.CommandResult.Command;
        if (parsed.Tokens.Count == 0)
        {
            command.Parse(["--help"]).Invoke(new InvocationConfiguration { Output = errors });
            return (int)ExitCode.Usage;
        }

        // A mistyped command is also a missing one: the one complaint says enough.
        var faults = parsed.Errors.Select(error => error.Message);
        if (parsed.UnmatchedTokens.Count > 0) faults = parsed.UnmatchedTokens.Select(word => $"There is no '{word}' here.");
        foreach (var fault in faults) errors.WriteLine("sysgenid: " + PlainText.Of(fault));
        foreach (var word in parsed.UnmatchedTokens) Suggest(word, command, errors);
        var path = command is RootCommand ? "" : " " + command.Name;
        errors.WriteLine($"Try: sysgenid{path} --help");
        return (int)ExitCode.Usage;
    }

    private static void Suggest(string word, Command command, TextWriter errors)
    {
        var known = command.Subcommands.Select(part => part.Name)
            .Concat(command.Options.Concat(command.Parents.OfType<RootCommand>().SelectMany(root => root.Options.Where(option => option.Recursive)))
                .Select(option => option.Name));
        var close = known.Where(name => Distance(word, name) <= Math.Max(1, name.Length / 3)).OrderBy(name => Distance(word, name)).FirstOrDefault();
        if (close is not null) errors.WriteLine($"Did you mean: {close}");
    }

    /// <summary>How many letters must change to get from one word to the other (Levenshtein).</summary>
    private static int Distance(string from, string to)
    {
        var costs = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = costs[0];
            costs[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var replaced = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                diagonal = costs[j];
                costs[j] = Math.Min(replaced, Math.Min(costs[j], costs[j - 1]) + 1);
            }
        }

        return costs[^1];
    }
}
