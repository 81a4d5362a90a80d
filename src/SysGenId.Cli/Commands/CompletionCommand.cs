using System.CommandLine;
using SysGenId.Cli.Completion;
using SysGenId.Cli.Output;

namespace SysGenId.Cli.Commands;

/// <summary><c>sysgenid completion</c>: a script that lets a shell complete this command line.</summary>
internal static class CompletionCommand
{
    public static Command Create(CommandContext context)
    {
        var shell = new Argument<string>("shell")
        {
            HelpName = string.Join('|', CompletionScripts.Shells),
            Description = "The shell to write a script for.",
            Arity = ArgumentArity.ExactlyOne,
        };
        shell.CompletionSources.Add([.. CompletionScripts.Shells]);
        shell.Validators.Add(result =>
        {
            if (result.Tokens is [var word] && !CompletionScripts.Shells.Contains(word.Value)) result.AddError($"There are scripts for bash, zsh and fish, not for '{word.Value}'.");
        });
        var command = new Command("completion", "Prints a script for the completion of a shell.") { shell };
        command.SetAction(parsed => (int)Run(parsed.GetRequiredValue(shell), parsed.IsForPrograms(), context.Output));
        return command;
    }

    private static ExitCode Run(string shell, bool forPrograms, TextWriter output)
    {
        var script = CompletionScripts.For(shell);
        if (forPrograms)
        {
            JsonLine.Write(output, json =>
            {
                json.WriteString("shell", shell);
                json.WriteString("script", script);
            });
        }
        else
        {
            output.Write(script);
        }

        return ExitCode.Success;
    }
}
