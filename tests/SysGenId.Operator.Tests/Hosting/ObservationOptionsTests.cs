using System.CommandLine;
using System.Net;
using SysGenId.Operator.Hosting;

namespace SysGenId.Operator.Tests.Hosting;

public sealed class ObservationOptionsTests
{
    private readonly List<string> _faults = [];

    [Theory]
    [InlineData("", 9477, "[::]:9477")]
    [InlineData("", 0, null)]
    [InlineData("--http-port 8080", 9477, "[::]:8080")]
    [InlineData("--http-port 0", 9477, null)]
    [InlineData("--http-address 127.0.0.1:9000", 9477, "127.0.0.1:9000")]
    [InlineData("--http-address [::1]:9000", 0, "[::1]:9000")]
    public void An_endpoint_is_what_is_asked_for_or_the_default(string line, int defaultPort, string? expected)
    {
        Assert.Equal(expected, Endpoint(line, defaultPort)?.ToString());
        Assert.Empty(_faults);
    }

    [Theory]
    [InlineData("--http-port 65536", "--http-port must be from 0 to 65535.")]
    [InlineData("--http-port -1", "--http-port must be from 0 to 65535.")]
    [InlineData("--http-address localhost:80", "--http-address must be an IP address and a port, such as 127.0.0.1:9477 or [::1]:9477.")]
    [InlineData("--http-address 127.0.0.1", "--http-address must be an IP address and a port, such as 127.0.0.1:9477 or [::1]:9477.")]
    [InlineData("--http-address 127.0.0.1:1 --http-port 2", "Give --http-address or --http-port, not both.")]
    [InlineData("--log-format 7", "--log-format must be Text or Json.")]
    public void What_cannot_be_served_is_told(string line, string fault)
    {
        Endpoint(line, 9477);
        Assert.Equal([fault], _faults);
    }

    [Theory]
    [InlineData("", "Text")]
    [InlineData("--log-format text", "Text")]
    [InlineData("--log-format json", "Json")]
    [InlineData("--log-format Json", "Json")]
    public void The_format_of_the_log_may_be_written_in_any_case(string line, string expected)
    {
        var (options, command) = Command();
        Assert.Equal(expected, options.Format(command.Parse(line)).ToString());
    }

    private IPEndPoint? Endpoint(string line, int defaultPort)
    {
        var (options, command) = Command();
        var parsed = command.Parse(line);
        Assert.Empty(parsed.Errors);
        return options.Endpoint(parsed, defaultPort, _faults);
    }

    private static (ObservationOptions Options, RootCommand Command) Command()
    {
        var options = new ObservationOptions("Default: 9477.");
        var command = new RootCommand();
        options.AddTo(command);
        return (options, command);
    }
}
