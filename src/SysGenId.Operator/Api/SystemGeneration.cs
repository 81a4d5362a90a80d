using k8s;
using k8s.Models;

namespace SysGenId.Operator.Api;

/// <summary>The generation of one node: cluster-scoped, named like the node, owned by it.</summary>
[KubernetesEntity(Group = ApiNames.Group, ApiVersion = ApiNames.Version, Kind = ApiNames.Kind, PluralName = ApiNames.Plural)]
internal sealed class SystemGeneration : IKubernetesObject<V1ObjectMeta>, ISpec<SystemGenerationSpec>, IStatus<SystemGenerationStatus?>
{
    public string ApiVersion { get; set; } = $"{ApiNames.Group}/{ApiNames.Version}";

    public string Kind { get; set; } = ApiNames.Kind;

    public V1ObjectMeta Metadata { get; set; } = new();

    /// <summary>What is asked of the node.</summary>
    public SystemGenerationSpec Spec { get; set; } = new();

    /// <summary>What its agent last reported.</summary>
    public SystemGenerationStatus? Status { get; set; }
}
