using System.CommandLine;
using SysGenId.Cli.Output;
using SysGenId.Cli.Sockets;

namespace SysGenId.Cli.Commands;

/// <summary>What the commands that talk to a socket have in common.</summary>
internal static class SocketCommand
{
    /// <summary>A command with <c>--socket</c> whose work is a function.</summary>
    public static Command Create(string name, string description, Func<ParseResult, ExitCode> run, params Option[] options)
    {
        var command = new Command(name, description) { CommonOptions.Socket };
        foreach (var option in options) command.Add(option);
        command.SetAction(parsed => (int)run(parsed));
        return command;
    }

    /// <summary>The socket that is meant.</summary>
    public static string SocketPath(this ParseResult parsed, CommandContext context) =>
        parsed.GetValue(CommonOptions.Socket) ?? SocketLocation.Default(context.RunDirectory);

    /// <summary>A connection to it.</summary>
    public static ServerConnection Connect(this ParseResult parsed, CommandContext context) =>
        ServerConnection.Open(parsed.SocketPath(context), context.Clock);

    /// <summary>Shows an answer: as it is to programs, in words to people.</summary>
    public static ExitCode Show(this ParseResult parsed, CommandContext context, Answer answer, Action<TextWriter> inWords)
    {
        if (parsed.IsForPrograms()) answer.WriteTo(context.Output);
        else inWords(context.Output);
        return ExitCode.Success;
    }

    public static bool IsForPrograms(this ParseResult parsed) => parsed.GetValue(CommonOptions.Output) == OutputFormat.Json;
}
