using System.Reflection;
using Microsoft.Extensions.Logging;
using SysGenId.Operator.Observability;

namespace SysGenId.Operator.Tests.Observability;

/// <summary>Numbers and names of log events are what people search and alert for.</summary>
public sealed class LogEventTests
{
    // The name of a Secret is none.
    private static readonly string[] _secrets = ["token", "password", "privatekey", "credential", "pem"];

    private static readonly (MethodInfo Method, LoggerMessageAttribute Event)[] _events =
    [
        .. from type in typeof(MetricSet).Assembly.GetTypes()
           from method in type.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
           let logged = method.GetCustomAttribute<LoggerMessageAttribute>()
           where logged is not null
           select (method, logged),
    ];

    [Fact]
    public void Every_event_has_a_number_of_its_own()
    {
        Assert.NotEmpty(_events);
        Assert.All(_events, logged => Assert.True(logged.Event.EventId > 0, $"{logged.Method.Name} has no number"));
        Assert.Empty(_events.GroupBy(logged => logged.Event.EventId).Where(same => same.Count() > 1).Select(same => same.Key));
    }

    [Fact]
    public void No_event_shows_what_is_secret() => Assert.All(
        _events,
        logged => Assert.DoesNotContain(
            logged.Method.GetParameters(),
            parameter => _secrets.Any(word => parameter.Name!.Contains(word, StringComparison.OrdinalIgnoreCase))));
}
