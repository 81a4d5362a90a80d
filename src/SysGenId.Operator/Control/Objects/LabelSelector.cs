using k8s.Models;

namespace SysGenId.Operator.Control.Objects;

/// <summary>A selector as it is written in a query.</summary>
internal static class LabelSelector
{
    public static string Of(V1LabelSelector selector)
    {
        var labels = (selector.MatchLabels ?? new Dictionary<string, string>()).Select(label => $"{label.Key}={label.Value}");
        var expressions = (selector.MatchExpressions ?? []).Select(Of);
        return string.Join(',', labels.Concat(expressions).Order(StringComparer.Ordinal));
    }

    private static string Of(V1LabelSelectorRequirement requirement) => requirement.OperatorProperty switch
    {
        "Exists" => requirement.Key,
        "DoesNotExist" => $"!{requirement.Key}",
        "NotIn" => $"{requirement.Key} notin ({string.Join(',', requirement.Values ?? [])})",
        _ => $"{requirement.Key} in ({string.Join(',', requirement.Values ?? [])})",
    };
}
