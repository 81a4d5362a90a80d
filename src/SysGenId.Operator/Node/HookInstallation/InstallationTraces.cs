namespace SysGenId.Operator.Node.HookInstallation;

/// <summary>What an installation had to make besides its line; it stands in the first marker, so that removal leaves nothing.</summary>
/// <param name="AddedNewline">The line before ours had no end.</param>
/// <param name="CreatedFile">There was no configuration file.</param>
/// <param name="CreatedDirectories">How many directories above the configuration file were made.</param>
/// <param name="CreatedHookDirectories">How many directories, from the hook's own upwards, were made.</param>
internal readonly record struct InstallationTraces(
    bool AddedNewline = false, bool CreatedFile = false, int CreatedDirectories = 0, int CreatedHookDirectories = 0)
{
    private const int MostDirectories = 16;

    /// <summary>The words of a marker; those this version does not know are passed over.</summary>
    public static InstallationTraces Parse(string words)
    {
        var traces = default(InstallationTraces);
        foreach (var word in words.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            traces = word.Split('=') switch
            {
                ["newline"] => traces with { AddedNewline = true },
                ["file"] => traces with { CreatedFile = true },
                ["directories", var count] => traces with { CreatedDirectories = Count(count) },
                ["hook-directories", var count] => traces with { CreatedHookDirectories = Count(count) },
                _ => traces,
            };
        }

        return traces;
    }

    /// <summary>The words for a marker, each with a space before it.</summary>
    public override string ToString() => string.Concat(
        AddedNewline ? " newline" : "",
        CreatedFile ? " file" : "",
        CreatedDirectories > 0 ? $" directories={CreatedDirectories}" : "",
        CreatedHookDirectories > 0 ? $" hook-directories={CreatedHookDirectories}" : "");

    private static int Count(string digits) => int.TryParse(digits, out var count) ? Math.Clamp(count, 0, MostDirectories) : 0;
}
