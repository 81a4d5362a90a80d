using System.Text.RegularExpressions;

namespace SysGenId.Operator.Control.Admission.Injection;

/// <summary>Names of images.</summary>
internal static partial class ImageReference
{
    /// <summary>Whether a text has the form REGISTRY/PATH:TAG or REGISTRY/PATH@DIGEST, each part but the path optional.</summary>
    public static bool IsValid(string text) => text.Length <= MaximumLength && Grammar().IsMatch(text);

    // 255 for a name by the distribution specification, 128 for a tag, 71 for a digest, and some air for a registry's host.
    private const int MaximumLength = 512;

    [GeneratedRegex(
        @"\A([A-Za-z0-9][A-Za-z0-9.-]*(:[0-9]{1,5})?/)?[a-z0-9]+([._/-]+[a-z0-9]+)*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(@[a-z0-9]+:[0-9a-f]{32,128})?\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Grammar();
}
