using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using SysGenId.Operator.Node;
using SysGenId.Operator.Observability;

namespace SysGenId.Operator.Tests.Observability;

public sealed class JsonLineFormatterTests
{
    private readonly JsonLineFormatter _formatter = new(new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 13, 5, 7, 89, TimeSpan.FromHours(2))));

    [Fact]
    public void An_event_is_one_line_with_its_number_its_name_and_its_values()
    {
        var line = Logged(log => log.GateNotProven("criu is missing:\n\"criu\""));
        Assert.Equal("\n", line[^1..]);
        Assert.DoesNotContain('\n', line[..^1]);
        var json = JsonElement.Parse(line);
        Assert.Equal("2026-03-01T11:05:07.089Z", json.GetProperty("time").GetString());
        Assert.Equal("Warning", json.GetProperty("level").GetString());
        Assert.Equal((41, "GateNotProven"), (json.GetProperty("event").GetInt32(), json.GetProperty("name").GetString()));
        Assert.Equal("test", json.GetProperty("source").GetString());
        Assert.Contains("criu is missing:\n\"criu\"", json.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(["criu is missing:\n\"criu\""], json.GetProperty("data").EnumerateObject().Select(value => value.Value.GetString()));
    }

    [Fact]
    public void Numbers_stay_numbers_and_nothing_is_null()
    {
        var json = JsonElement.Parse(Logged(log => log.Sample(uint.MaxValue, -1, true, null, TimeSpan.FromSeconds(2))));
        Assert.Equal(
            """{"big":4294967295,"small":-1,"flag":true,"nothing":null,"time":"00:00:02"}""", json.GetProperty("data").GetRawText());
    }

    [Fact]
    public void An_exception_is_in_the_line()
    {
        var json = JsonElement.Parse(Logged(log => log.Failed(new IOException("disk full"))));
        Assert.Equal("It failed", json.GetProperty("message").GetString());
        Assert.Contains("System.IO.IOException: disk full", json.GetProperty("exception").GetString(), StringComparison.Ordinal);
    }

    private string Logged(Action<ILogger> write)
    {
        var writer = new StringWriter();
        write(new FormattingLogger(_formatter, writer));
        return writer.ToString();
    }

    private sealed class FormattingLogger(JsonLineFormatter formatter, TextWriter writer) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter1) =>
            formatter.Write(new LogEntry<TState>(logLevel, "test", eventId, state, exception, formatter1), null, writer);
    }
}
