using System.Globalization;
using SysGenId.TestSupport;

namespace SysGenId.VirtualMachine.Tests;

/// <summary>Runs commands in a guest, one after the other; the other end is RootFileSystem/serve.sh.</summary>
internal sealed class GuestShell
{
    private readonly SerialPort _port;
    private int _number;
    private int _read;

    /// <param name="port">The guest's second serial port.</param>
    /// <param name="lastNumber">The number of the last command that the guest was given, by whomever.</param>
    public GuestShell(SerialPort port, int lastNumber) => (_port, _number) = (port, lastNumber);

    /// <summary>Numbers the next command after this one in a clone.</summary>
    public int LastNumber => _number;

    /// <summary>Waits until the guest takes commands.</summary>
    public Task GreetingAsync(TimeSpan within) => AnswerAsync(_number, "the greeting", within);

    /// <summary>Runs a command line of the guest's shell to its end, with no input.</summary>
    public async Task<CommandResult> RunAsync(string command, TimeSpan within)
    {
        await _port.WriteLineAsync($"{++_number} {command}");
        return await AnswerAsync(_number, command, within);
    }

    private async Task<CommandResult> AnswerAsync(int number, string command, TimeSpan within)
    {
        var end = $"#{number} ";
        await Eventually.HoldsAsync(() => Unread.Any(line => line.StartsWith(end, StringComparison.Ordinal)), within, $"`{command}` ends in the guest");
        var lines = Unread.TakeWhile(line => !line.StartsWith(end, StringComparison.Ordinal)).ToList();
        var status = Unread.ElementAt(lines.Count)[end.Length..];
        _read += lines.Count + 1;
        // The guest ends what the command printed with a line end of its own.
        var output = string.Join('\n', lines.SkipLast(lines.LastOrDefault() is "" ? 1 : 0).Append(""));
        return new CommandResult(command, int.Parse(status, CultureInfo.InvariantCulture), output, "");
    }

    private IEnumerable<string> Unread => _port.Lines.Skip(_read).Select(line => line.Text);
}
