using System.Reflection;
using k8s.Models;

namespace SysGenId.Operator.Cluster;

/// <summary>Where the API server has the objects of a kind: paths without a leading slash, from the kind's own attribute.</summary>
internal static class ResourceAddress
{
    /// <summary>All objects of a kind, or those in a namespace.</summary>
    public static string Collection<T>(string? inNamespace)
    {
        var entity = Entity<T>();
        var root = string.IsNullOrEmpty(entity.Group) ? $"api/{entity.ApiVersion}" : $"apis/{entity.Group}/{entity.ApiVersion}";
        return inNamespace is null ? $"{root}/{entity.PluralName}" : $"{root}/namespaces/{Uri.EscapeDataString(inNamespace)}/{entity.PluralName}";
    }

    /// <summary>One object, or its subresource.</summary>
    public static string Object<T>(string? inNamespace, string name, string? subresource = null) =>
        $"{Collection<T>(inNamespace)}/{Uri.EscapeDataString(name)}{(subresource is null ? "" : "/" + subresource)}";

    /// <summary>What a kind writes as its apiVersion.</summary>
    public static string ApiVersion<T>()
    {
        var entity = Entity<T>();
        return string.IsNullOrEmpty(entity.Group) ? entity.ApiVersion : $"{entity.Group}/{entity.ApiVersion}";
    }

    public static string Kind<T>() => Entity<T>().Kind;

    /// <summary>The name of the kind in paths and RBAC rules, such as <c>nodes</c>.</summary>
    public static string Plural<T>() => Entity<T>().PluralName;

    private static KubernetesEntityAttribute Entity<T>() =>
        typeof(T).GetCustomAttribute<KubernetesEntityAttribute>() ?? throw new ArgumentException($"{typeof(T)} says no kind, group and version.");
}
