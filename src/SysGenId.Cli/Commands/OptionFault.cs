using System.CommandLine.Parsing;
using SysGenId.Cli.Output;

namespace SysGenId.Cli.Commands;

/// <summary>Says in a sentence what is wrong with an option's value.</summary>
internal static class OptionFault
{
    public static T? Report<T>(ArgumentResult result, string sentence)
    {
        result.AddError(PlainText.Of(sentence));
        return default;
    }
}
