using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using SysGenId.Cli.Output;
using SysGenId.Core.Linux;

namespace SysGenId.Cli.Commands;

/// <summary>The whole command line: <c>sysgenid COMMAND [options]</c>.</summary>
internal static class CommandLine
{
    /// <summary>Parses and runs; returns the exit code. Never throws what a user could have caused.</summary>
    /// <exception cref="LinuxException">Standard output or error is not taken any more.</exception>
    public static int Run(string[] arguments, CommandContext context)
    {
        var parsed = Create(context).Parse(arguments);
        try
        {
            if (parsed.Action is ParseErrorAction) return UsageFault.Show(parsed, context.Errors);
            return parsed.Invoke(new InvocationConfiguration
            {
                Output = context.Output,
                Error = context.Errors,
                EnableDefaultExceptionHandler = false,

                // The kernel's own way of ending on Ctrl-C is the right one: nothing here needs cleaning up.
                ProcessTerminationTimeout = null,
            });
        }
        catch (CommandFailure failure)
        {
            return FailureReport.Write(failure, parsed.GetValue(CommonOptions.Output), context);
        }
        catch (Exception defect) when (defect is not LinuxException)
        {
            var failure = new CommandFailure(
                ExitCode.Failed, FailureCode.Internal, $"This is a defect of sysgenid ({defect.GetType().Name}).", "Please report it with the command line.");
            return FailureReport.Write(failure, OutputFormat.Text, context);
        }
    }

    private static RootCommand Create(CommandContext context)
    {
        var root = new RootCommand("Shows, follows and raises the system generation of a node or a pod.");
        root.Options.Clear();
        root.Options.Add(new HelpOption("--help", "-h") { Recursive = true, Description = "Shows this help.", Action = new HelpWithExitCodes() });
        root.Options.Add(new VersionOption("--version") { Description = "Shows the version.", Action = new ShowVersion() });
        root.Options.Add(CommonOptions.Output);
        root.Directives.Clear();
        var suggest = new SuggestDirective();
        suggest.Action = new SuggestWords(suggest);
        root.Directives.Add(suggest);
        root.Add(StatusCommand.Create(context));
        root.Add(WatchCommand.Create(context));
        root.Add(WaitCommand.Create(context));
        root.Add(BumpCommand.Create(context));
        root.Add(WatchersCommand.Create(context));
        root.Add(HistoryCommand.Create(context));
        root.Add(DoctorCommand.Create(context));
        root.Add(CompletionCommand.Create(context));
        return root;
    }
}
