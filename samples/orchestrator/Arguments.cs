using System.Globalization;

namespace SysGenId.Samples.Orchestrator;

/// <summary>What the command line says.</summary>
/// <param name="Ready">The file that is there while the pod may serve. Default <c>/tmp/ready</c>.</param>
/// <param name="Timeout">How long one wait may take. Default 10 seconds.</param>
internal sealed record Arguments(string Ready, TimeSpan Timeout)
{
    /// <summary>Null when the line makes no sense.</summary>
    public static Arguments? Parse(string[] line)
    {
        var arguments = new Arguments("/tmp/ready", TimeSpan.FromSeconds(10));
        if (line.Length % 2 != 0) return null;
        foreach (var option in line.Chunk(2))
        {
            switch (option[0])
            {
                case "--ready":
                    arguments = arguments with { Ready = option[1] };
                    break;
                case "--timeout" when double.TryParse(option[1], CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and < 86400:
                    arguments = arguments with { Timeout = TimeSpan.FromSeconds(seconds) };
                    break;
                default:
                    return null;
            }
        }

        return arguments;
    }
}
