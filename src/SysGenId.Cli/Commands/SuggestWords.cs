using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Invocation;

namespace SysGenId.Cli.Commands;

/// <summary>
/// Answers the completion scripts: <c>sysgenid [suggest:POSITION] LINE</c> prints what may stand at that place of the
/// line, one word a line. Options come where nothing else can or a dash was typed, and with their long names.
/// </summary>
internal sealed class SuggestWords(SuggestDirective directive) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var line = parseResult.Tokens.LastOrDefault(token => token.Type != System.CommandLine.Parsing.TokenType.Directive)?.Value ?? "";
        var given = parseResult.GetResult(directive)?.Values is [var first, ..] ? first : null;
        var position = int.TryParse(given, out var number) ? Math.Clamp(number, 0, line.Length) : line.Length;
        var known = parseResult.RootCommandResult.Command.Parse(line).GetCompletions(position).Select(item => item.Label).ToList();
        var words = known.Where(word => !word.StartsWith('-')).ToList();
        foreach (var word in words.Count > 0 ? words : known.Where(word => word.StartsWith("--", StringComparison.Ordinal)))
        {
            parseResult.InvocationConfiguration.Output.WriteLine(word);
        }

        return (int)ExitCode.Success;
    }
}
