using System.Text.Json.Nodes;
using SysGenId.Chart.Tests.Rendering;

namespace SysGenId.Chart.Tests.Permissions;

/// <summary>What the chart lets a service account do.</summary>
internal static class GrantedPermissions
{
    public static IReadOnlySet<Permission> Of(string account, IReadOnlyList<RenderedObject> chart) =>
        chart.Where(item => item.Kind is "ClusterRoleBinding" or "RoleBinding" && Binds(item, account))
            .SelectMany(binding => Rules(chart, binding).SelectMany(rule => Expand(rule!, (string?)binding.Content["metadata"]!["namespace"] ?? "")))
            .ToHashSet();

    private static bool Binds(RenderedObject binding, string account) =>
        binding.Content["subjects"]!.AsArray().Any(subject => (string)subject!["kind"]! == "ServiceAccount" && (string)subject["name"]! == account);

    private static JsonArray Rules(IReadOnlyList<RenderedObject> chart, RenderedObject binding)
    {
        var reference = binding.Content["roleRef"]!;
        return chart.Single(item => item.Kind == (string)reference["kind"]! && item.Name == (string)reference["name"]!).Content["rules"]!.AsArray();
    }

    private static IEnumerable<Permission> Expand(JsonNode rule, string scope) =>
        from role in Texts(rule["apiGroups"])
        from resource in Texts(rule["resources"])
        from verb in Texts(rule["verbs"])
        select new Permission(scope, role, resource, verb);

    private static IEnumerable<string> Texts(JsonNode? list) => list!.AsArray().Select(item => (string)item!);
}
