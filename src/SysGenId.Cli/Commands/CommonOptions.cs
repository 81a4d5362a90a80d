using System.CommandLine;
using SysGenId.Cli.Output;
using SysGenId.Core;

namespace SysGenId.Cli.Commands;

/// <summary>The options that several commands have.</summary>
internal static class CommonOptions
{
    public static Option<OutputFormat> Output { get; } = CreateOutput();

    public static Option<string?> Socket { get; } = new("--socket")
    {
        HelpName = "PATH",
        Description = $"The agent's or a pod's socket. Default: {SystemPaths.AgentSocket}, else {SystemPaths.ControlSocketName} there.",
    };

    private static Option<OutputFormat> CreateOutput()
    {
        var option = new Option<OutputFormat>("--output", "-o")
        {
            HelpName = "text|json",
            Description = "For people (text, the default) or programs (json, one object a line).",
            Recursive = true,
            CustomParser = result => result.Tokens[0].Value switch
            {
                "text" => OutputFormat.Text,
                "json" => OutputFormat.Json,
                var other => OptionFault.Report<OutputFormat>(result, $"--output is text or json, not '{other}'."),
            },
        };
        option.CompletionSources.Clear();
        option.CompletionSources.Add("text", "json");
        return option;
    }
}
