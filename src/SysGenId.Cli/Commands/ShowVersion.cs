using System.CommandLine;
using System.CommandLine.Invocation;
using System.Reflection;
using SysGenId.Cli.Output;
using SysGenId.Core.Protocol;

namespace SysGenId.Cli.Commands;

/// <summary>Which version this is, and of which protocol.</summary>
internal sealed class ShowVersion : SynchronousCommandLineAction
{
    /// <summary>The version without what the build appends to it.</summary>
    public static string Version { get; } =
        typeof(ShowVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var output = parseResult.InvocationConfiguration.Output;
        if (parseResult.GetValue(CommonOptions.Output) == OutputFormat.Json)
        {
            JsonLine.Write(output, json =>
            {
                json.WriteString(MessageField.Version, Version);
                json.WriteNumber(MessageField.Protocol, ProtocolLimits.Version);
            });
        }
        else
        {
            output.WriteLine($"sysgenid {Version} (protocol {ProtocolLimits.Version})");
        }

        return (int)ExitCode.Success;
    }
}
