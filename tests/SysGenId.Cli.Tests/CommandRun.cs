using SysGenId.Cli.Commands;
using SysGenId.Cli.Diagnosis;

namespace SysGenId.Cli.Tests;

/// <summary>One run of the command line inside the test process, with everything it printed.</summary>
internal sealed class CommandRun
{
    private readonly Transcript _output;
    private readonly Transcript _errors;

    private CommandRun(Transcript output, Transcript errors) => (_output, _errors) = (output, errors);

    public ExitCode ExitCode { get; private set; }

    public string Output => _output.Text;

    public string Errors => _errors.Text;

    /// <summary>All of it, as golden files have it.</summary>
    public string Everything => $"{Output}{(Errors.Length > 0 ? "--- standard error\n" + Errors : "")}--- exit code {(int)ExitCode}\n";

    /// <summary>A machine on which nothing is to be found.</summary>
    public static Machine EmptyMachine { get; } = new("/nonexistent", 0, () => new KernelFeatures(true, true, true), (_, _) => null);

    /// <summary>Runs it to its end.</summary>
    public static CommandRun Of(params string[] arguments) => Of(new Settings(), arguments);

    /// <inheritdoc cref="Of(string[])"/>
    public static CommandRun Of(Settings settings, params string[] arguments)
    {
        var run = new CommandRun(new Transcript(), new Transcript());
        run.Execute(settings, arguments);
        return run;
    }

    /// <summary>Runs it beside the test; what it prints can be read while it runs.</summary>
    public static (CommandRun Run, Task End) Start(params string[] arguments)
    {
        var run = new CommandRun(new Transcript(), new Transcript());
        return (run, Task.Factory.StartNew(
            () => run.Execute(new Settings(), arguments), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
    }

    private void Execute(Settings settings, string[] arguments)
    {
        var context = new CommandContext(_output, _errors, settings.Clock, settings.Machine) { RunDirectory = settings.RunDirectory };
        ExitCode = (ExitCode)CommandLine.Run(arguments, context);
    }

    /// <summary>What the command has around it.</summary>
    internal sealed record Settings
    {
        public TimeProvider Clock { get; init; } = FixedDate.Clock;

        public Machine Machine { get; init; } = EmptyMachine;

        public string RunDirectory { get; init; } = "/nonexistent/run";
    }
}
