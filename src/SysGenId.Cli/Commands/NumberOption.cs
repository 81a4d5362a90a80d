using System.CommandLine;
using System.Globalization;

namespace SysGenId.Cli.Commands;

/// <summary>Options whose value is a number, with the range in the complaint.</summary>
internal static class NumberOption
{
    /// <summary>A generation.</summary>
    public static Option<uint?> Generation(string name, string description) => new(name)
    {
        HelpName = "N",
        Description = description,
        CustomParser = result => uint.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? value
            : OptionFault.Report<uint?>(result, $"{name} is an integer from 0 to 4294967295, not '{result.Tokens[0].Value}'."),
    };

    /// <summary>A number of things.</summary>
    public static Option<int?> Count(string name, string description) => new(name)
    {
        HelpName = "N",
        Description = description,
        CustomParser = result => int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? value
            : OptionFault.Report<int?>(result, $"{name} is an integer from 0 to 2147483647, not '{result.Tokens[0].Value}'."),
    };

    /// <summary>A time limit in seconds, to the millisecond; 0 is none.</summary>
    public static Option<TimeSpan> Seconds(string name, string description) => new(name)
    {
        HelpName = "SECONDS",
        Description = description,
        CustomParser = result =>
            decimal.TryParse(result.Tokens[0].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            && value <= LongestSeconds
                ? TimeSpan.FromMilliseconds((long)decimal.Ceiling(value * 1000))
                : OptionFault.Report<TimeSpan>(result, $"{name} is a number of seconds from 0 to {LongestSeconds}, not '{result.Tokens[0].Value}'."),
    };

    // A week: more than anybody waits, and its milliseconds fit every timer.
    private const int LongestSeconds = 7 * 24 * 60 * 60;
}
