using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace SysGenId.Cli.Commands;

/// <summary>The generated help, followed by examples and the exit codes.</summary>
internal sealed class HelpWithExitCodes : SynchronousCommandLineAction
{
    /// <summary>Lines stay readable on a wide terminal and the same in a pipe.</summary>
    private const int Width = 120;

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var output = parseResult.InvocationConfiguration.Output;
        var command = parseResult.CommandResult.Command;
        new HelpAction { MaxWidth = Width }.Invoke(parseResult);
        output.WriteLine(HelpText.Examples(command.Name));
        output.WriteLine(HelpText.ExitCodes);
        return (int)ExitCode.Success;
    }
}
