using System.Globalization;
using System.Text;

namespace SysGenId.Cli.Output;

/// <summary>Words that came over a socket, made fit for a terminal.</summary>
internal static class PlainText
{
    /// <summary>
    /// The text on one line and without control characters: a pod's name must not be able to move the cursor, ring the
    /// bell or write a second line of its own.
    /// </summary>
    public static string Of(string text)
    {
        if (!text.Any(IsUnfit)) return text;
        var plain = new StringBuilder(text.Length);
        foreach (var character in text) plain.Append(IsUnfit(character) ? '?' : character);
        return plain.ToString();
    }

    // Format characters turn the reading direction or hide what follows.
    private static bool IsUnfit(char character) =>
        char.GetUnicodeCategory(character) is UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
