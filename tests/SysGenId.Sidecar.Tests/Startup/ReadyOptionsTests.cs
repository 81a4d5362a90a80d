using SysGenId.Sidecar.Startup;

namespace SysGenId.Sidecar.Tests.Startup;

public sealed class ReadyOptionsTests
{
    [Fact]
    public void The_directory_is_enough_and_nothing_is_waited_for()
    {
        var options = ReadyOptions.TryParse(["--dir", "/run/sysgenid"], out _)!;
        Assert.Equal(("/run/sysgenid", false, TimeSpan.Zero), (options.Directory, options.RequireGate, options.Wait));
    }

    [Fact]
    public void Gate_and_wait_are_taken()
    {
        var options = ReadyOptions.TryParse(["--require-gate", "--wait=10", "--dir=/d"], out _)!;
        Assert.Equal(("/d", true, TimeSpan.FromSeconds(10)), (options.Directory, options.RequireGate, options.Wait));
    }

    [Theory]
    [InlineData("--dir must be given")]
    [InlineData("--dir needs a value", "--dir")]
    [InlineData("--require-gate takes no value", "--dir=/d", "--require-gate=true")]
    [InlineData("--require-gate is given twice", "--dir=/d", "--require-gate", "--require-gate")]
    [InlineData("--wait must be a whole number from 0 to 60, not '61'", "--dir=/d", "--wait", "61")]
    [InlineData("'--agent' is not an option", "--dir=/d", "--agent")]
    [InlineData("'now' is not an option; --wait must be a whole number from 0 to 60, not 'x'", "--dir=/d", "now", "--wait=x")]
    public void Faults_are_told_all_at_once(string expected, params string[] arguments)
    {
        Assert.Null(ReadyOptions.TryParse(arguments, out var faults));
        Assert.Equal(expected, faults);
    }
}
