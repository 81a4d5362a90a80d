using SysGenId.Core;

namespace SysGenId.Cli.Diagnosis;

/// <summary>Does CRIU call our hook, and can it?</summary>
internal sealed class HookChecks(Machine machine, string configuration)
{
    private const string Install = "Run `sysgenid-operator node install-hook` as root.";

    public IEnumerable<Check> All()
    {
        var text = machine.Read(configuration);
        if (text is null)
        {
            yield return machine.Exists(configuration)
                ? Check.Warn("hook", $"{configuration} cannot be read", "Run `sudo sysgenid doctor`.")
                : Check.Fail("hook", $"not installed: there is no {configuration}", Install);
            yield break;
        }

        var lines = text.Split('\n').Select(line => line.Trim()).ToList();
        yield return Block(lines);
        foreach (var missing in Scripts(lines).Where(script => !machine.IsProgram(script)))
        {
            yield return Check.Fail(
                "hook-program", $"{configuration} names {missing}, which is not there or not executable",
                "Every checkpoint and restore on this machine fails now. Remove that line, or put the program back (ours: `sysgenid-operator node install-hook`).");
        }
    }

    private Check Block(List<string> lines)
    {
        var begin = lines.FindIndex(line => line.StartsWith(HookMarkers.Begin, StringComparison.Ordinal));
        var end = lines.FindIndex(line => line.StartsWith(HookMarkers.End, StringComparison.Ordinal));
        if (begin < 0 && end < 0) return Check.Fail("hook", $"not installed: {configuration} has no line of ours", Install);
        if (begin < 0 || end < begin) return Check.Fail("hook", $"{configuration} has one of our two markers without the other", "Remove that line, then: " + Install);
        var script = Scripts(lines[begin..end]).FirstOrDefault();
        return script is null
            ? Check.Fail("hook", $"the part of {configuration} between our markers names no program", Install)
            : Check.Ok("hook", $"{configuration} names {script}");
    }

    private static IEnumerable<string> Scripts(IEnumerable<string> lines) => lines
        .Where(line => line.StartsWith(HookMarkers.ActionScript, StringComparison.Ordinal))
        .Select(line => line[HookMarkers.ActionScript.Length..].Trim())
        .Where(path => path.StartsWith('/'));
}
