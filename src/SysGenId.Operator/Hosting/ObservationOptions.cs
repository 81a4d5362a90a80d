using System.CommandLine;
using System.Net;
using SysGenId.Operator.Observability;

namespace SysGenId.Operator.Hosting;

/// <summary>The options of how a command is observed; the same for agent and controller.</summary>
internal sealed class ObservationOptions
{
    private readonly Option<string?> _address = new("--http-address")
    {
        Description = "Serve metrics and health at this IP:PORT instead of on all addresses.",
    };

    private readonly Option<int?> _port;

    private readonly Option<LogFormat> _format = new("--log-format")
    {
        Description = "How log events are written: Text or Json, one line each.",
        DefaultValueFactory = _ => LogFormat.Text,
    };

    /// <param name="portDescription">Which ports are the default.</param>
    public ObservationOptions(string portDescription) =>
        _port = new Option<int?>("--http-port") { Description = $"Serve metrics and health in plain HTTP on this port of all addresses; 0 for none. {portDescription}" };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_address);
        command.Add(_port);
        command.Add(_format);
    }

    public LogFormat Format(ParseResult line) => line.GetValue(_format);

    /// <summary>Where to serve; null for nowhere.</summary>
    /// <param name="line">The command line.</param>
    /// <param name="defaultPort">When it names none; 0 for nowhere.</param>
    /// <param name="faults">Gets a sentence for everything that is wrong.</param>
    public IPEndPoint? Endpoint(ParseResult line, int defaultPort, ICollection<string> faults)
    {
        var (address, port) = (line.GetValue(_address), line.GetValue(_port));
        if (!Enum.IsDefined(line.GetValue(_format))) faults.Add("--log-format must be Text or Json.");
        if (address is not null && port is not null) faults.Add("Give --http-address or --http-port, not both.");
        if (port is < 0 or > IPEndPoint.MaxPort) faults.Add($"--http-port must be from 0 to {IPEndPoint.MaxPort}.");
        else if (address is null) return (port ?? defaultPort) is var number and not 0 ? new IPEndPoint(IPAddress.IPv6Any, number) : null;
        if (address is null) return null;
        if (IPEndPoint.TryParse(address, out var endpoint) && endpoint.Port != 0) return endpoint;
        faults.Add("--http-address must be an IP address and a port, such as 127.0.0.1:9477 or [::1]:9477.");
        return null;
    }
}
