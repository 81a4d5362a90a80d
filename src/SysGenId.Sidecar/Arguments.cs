using System.Globalization;
using System.Text;
using SysGenId.Core.Linux;

namespace SysGenId.Sidecar;

/// <summary>Options taken from the command line by name, and all that is wrong with them. A parser library would be larger than the rest of the program.</summary>
internal sealed class Arguments
{
    private readonly string[] _names;
    private readonly string[] _flags;
    private readonly Dictionary<string, string> _values = [];
    private readonly List<string> _faults = [];

    /// <param name="arguments">What was typed.</param>
    /// <param name="names">Options with a value, behind a space or an equals sign.</param>
    /// <param name="flags">Options without.</param>
    public Arguments(ReadOnlySpan<string> arguments, string[] names, string[] flags)
    {
        (_names, _flags) = (names, flags);
        for (var index = 0; index < arguments.Length; index++) Take(arguments, ref index);
    }

    /// <summary>Everything wrong, in one message; empty when nothing is.</summary>
    public string Faults => string.Join("; ", _faults);

    /// <summary>Whether a flag is given.</summary>
    public bool Has(string flag) => _values.ContainsKey(flag);

    /// <summary>The value of an option; null when it is not given.</summary>
    public string? Find(string name) => _values.GetValueOrDefault(name);

    /// <summary>A path that must be given, made absolute.</summary>
    /// <param name="name">The option.</param>
    /// <param name="longestSuffix">What is put behind it to name a socket, in bytes.</param>
    public string Path(string name, int longestSuffix)
    {
        if (!_values.TryGetValue(name, out var value) || value.Length == 0)
        {
            if (!_faults.Contains($"{name} needs a value")) _faults.Add($"{name} must be given");
            return "";
        }

        var path = System.IO.Path.GetFullPath(value);
        var limit = UnixSocket.MaximumPathLength - longestSuffix;
        if (Encoding.UTF8.GetByteCount(path) > limit) _faults.Add($"{name} must be at most {limit} bytes long, as the kernel limits paths of sockets");
        return path;
    }

    /// <summary>A whole number between two others; null when it is not given.</summary>
    public int? Number(string name, int least, int most)
    {
        if (!_values.TryGetValue(name, out var value)) return null;
        if (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most) return number;
        _faults.Add($"{name} must be a whole number from {least} to {most}, not '{value}'");
        return null;
    }

    /// <summary>Notes a fault that only the caller can see.</summary>
    public void AddFault(string fault) => _faults.Add(fault);

    private void Take(ReadOnlySpan<string> arguments, ref int index)
    {
        var argument = arguments[index];
        var separator = argument.StartsWith("--", StringComparison.Ordinal) ? argument.IndexOf('=') : -1;
        var name = separator < 0 ? argument : argument[..separator];
        var isFlag = Array.IndexOf(_flags, name) >= 0;
        if (isFlag && separator >= 0) _faults.Add($"{name} takes no value");
        else if (!isFlag && Array.IndexOf(_names, name) < 0) _faults.Add($"'{name}' is not an option");
        else if (!isFlag && separator < 0 && index + 1 == arguments.Length) _faults.Add($"{name} needs a value");
        else if (!_values.TryAdd(name, isFlag ? "" : separator < 0 ? arguments[++index] : argument[(separator + 1)..])) _faults.Add($"{name} is given twice");
    }
}
