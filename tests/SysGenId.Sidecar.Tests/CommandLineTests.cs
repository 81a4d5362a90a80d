using SysGenId.Sidecar.Logging;

namespace SysGenId.Sidecar.Tests;

public sealed class CommandLineTests
{
    private static readonly string[] _least = ["--dir", "/run/sysgenid", "--agent", "/host/node.sock"];

    [Fact]
    public void Directory_and_agent_are_enough()
    {
        var options = CommandLine.TryParse(_least, out _)!;
        Assert.Equal(("/run/sysgenid", "/host/node.sock", 1024), (options.Directory, options.AgentSocket, options.MaximumWatchers));
        Assert.Equal((TimeSpan.FromSeconds(30), LogLevel.Info), (options.ReturnGrace, options.LogLevel));
    }

    [Fact]
    public void Every_option_is_taken_with_space_or_equals_sign()
    {
        var options = CommandLine.TryParse([.. _least, "--max-watchers", "5", "--return-grace=7", "--log-level=debug"], out _)!;
        Assert.Equal((5, TimeSpan.FromSeconds(7), LogLevel.Debug), (options.MaximumWatchers, options.ReturnGrace, options.LogLevel));
    }

    [Fact]
    public void All_faults_are_told_at_once()
    {
        var options = CommandLine.TryParse(
            ["--agent=", "--max-watchers", "0", "--return-grace", "x", "--log-level", "loud", "--speed", "3", "--log-level"], out var faults);
        Assert.Null(options);
        foreach (var name in new[] { "--dir must", "--agent must", "--max-watchers must", "--return-grace must", "--log-level must", "'--speed'", "'3'", "--log-level needs" })
        {
            Assert.Contains(name, faults, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("--max-watchers=65537")]
    [InlineData("--max-watchers=-1")]
    [InlineData("--max-watchers=99999999999")]
    [InlineData("--return-grace=0")]
    [InlineData("--return-grace=86401")]
    [InlineData("--dir=/again")]
    [InlineData("extra")]
    public void A_wrong_value_is_refused(string argument) =>
        Assert.Null(CommandLine.TryParse([.. _least, argument], out _));

    [Fact]
    public void A_directory_too_deep_for_its_sockets_is_refused_with_the_limit()
    {
        Assert.NotNull(CommandLine.TryParse(["--dir", "/" + new string('d', 93), "--agent", "/a"], out _));
        Assert.Null(CommandLine.TryParse(["--dir", "/" + new string('d', 94), "--agent", "/a"], out var faults));
        Assert.Contains("at most 94 bytes", faults, StringComparison.Ordinal);
        Assert.Null(CommandLine.TryParse(["--dir", "/d", "--agent", "/" + new string('ä', 54)], out _));
    }
}
