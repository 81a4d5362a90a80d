using SysGenId.Cli.Output;
using SysGenId.Core.Protocol;

namespace SysGenId.Cli.Commands;

/// <summary>Tells of a failure: to people on standard error, to programs as an object like an answer's on standard output.</summary>
internal static class FailureReport
{
    public static int Write(CommandFailure failure, OutputFormat format, CommandContext context)
    {
        if (format == OutputFormat.Json)
        {
            JsonLine.Write(context.Output, json =>
            {
                json.WriteBoolean(MessageField.Ok, false);
                json.WriteString(MessageField.Error, failure.Code);
                json.WriteString(MessageField.Text, failure.Message);
            });
        }
        else
        {
            context.Output.Flush();
            context.Errors.WriteLine("sysgenid: " + PlainText.Of(failure.Message));
            if (failure.Advice is { } advice) context.Errors.WriteLine(PlainText.Of(advice));
        }

        return (int)failure.ExitCode;
    }
}
