using SysGenId.Cli.Diagnosis;
using SysGenId.Core;

namespace SysGenId.Cli;

/// <summary>Everything a command has from outside, so that tests can give it something else.</summary>
/// <param name="Output">Where results go.</param>
/// <param name="Errors">Where complaints go.</param>
/// <param name="Clock">Time, for ages and time limits.</param>
/// <param name="Machine">The machine that <c>doctor</c> looks at.</param>
internal sealed record CommandContext(TextWriter Output, TextWriter Errors, TimeProvider Clock, Machine Machine)
{
    /// <summary>Where the sockets are unless <c>--socket</c> says otherwise.</summary>
    public string RunDirectory { get; init; } = SystemPaths.PodDirectory;
}
