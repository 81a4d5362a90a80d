namespace SysGenId.Operator.Control.Admission.Injection;

/// <summary>What somebody wrote, in a message: annotations may be long and may contain anything.</summary>
internal static class Quoted
{
    private const int MaximumLength = 80;

    /// <summary>The text in quotation marks, on one line, and not all of it if it is long.</summary>
    public static string Of(string? text)
    {
        var line = string.Concat((text ?? "").Select(character => char.IsControl(character) || char.IsSurrogate(character) ? '?' : character));
        return line.Length <= MaximumLength ? $"\"{line}\"" : $"\"{line[..MaximumLength]}...\"";
    }
}
