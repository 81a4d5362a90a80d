using System.Text.RegularExpressions;
using k8s.Models;

namespace SysGenId.Operator.Control.Admission.Injection;

/// <summary>Amounts of CPU and memory as Kubernetes writes them.</summary>
internal static partial class Quantity
{
    /// <summary>The number behind a text such as <c>5m</c> or <c>32Mi</c>; null when it is none.</summary>
    public static decimal? Parse(string text)
    {
        // The library's own reader also takes, and changes, what the API server refuses.
        if (!Grammar().IsMatch(text)) return null;
        try
        {
            return new ResourceQuantity(text).ToDecimal();
        }
        catch (Exception fault) when (fault is FormatException or ArgumentException or OverflowException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"\A[0-9]{1,12}(\.[0-9]{1,9})?([mkMGTPE]|[KMGTPE]i|[eE][+-]?[0-9])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Grammar();
}
