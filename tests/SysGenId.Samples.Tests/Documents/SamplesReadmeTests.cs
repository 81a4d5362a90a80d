using System.Text.RegularExpressions;
using SysGenId.TestSupport;

namespace SysGenId.Samples.Tests.Documents;

/// <summary>samples/README.md names every sample, in the languages that there are.</summary>
public sealed partial class SamplesReadmeTests
{
    private static readonly string _directory = Path.Combine(ToolPaths.Repository, "samples");

    private static readonly string _text = File.ReadAllText(Path.Combine(_directory, "README.md"));

    [Fact]
    public void Every_sample_is_named() => Assert.All(
        Directory.GetDirectories(_directory).Select(Path.GetFileName), name => Assert.Contains($"]({name}", _text, StringComparison.Ordinal));

    [Fact]
    public void Every_command_names_a_sample_that_is_there()
    {
        var commands = Commands().Matches(_text).Select(match => (Name: match.Groups[1].Value, Language: match.Groups[2].Value)).ToList();

        Assert.NotEmpty(commands);
        Assert.All(commands, command => Assert.NotEmpty(Directory.GetFiles(Path.Combine(_directory, command.Name), command.Language switch
        {
            "csharp" => "*.csproj",
            "c" => "*.c",
            _ => "*.py",
        })));
    }

    [GeneratedRegex("samples/run.sh ([a-z-]+) (csharp|c|python)")]
    private static partial Regex Commands();
}
