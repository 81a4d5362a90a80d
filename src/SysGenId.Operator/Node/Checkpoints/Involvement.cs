using SysGenId.Operator.Node.Peers;
using SysGenId.Operator.Node.Sidecars;

namespace SysGenId.Operator.Node.Checkpoints;

/// <summary>How a container concerns us, as long as no sidecar comes or goes.</summary>
/// <param name="Serving">The sidecars whose page it has.</param>
/// <param name="HasPage">Whether it has a counter page, be its sidecar here or away.</param>
/// <param name="Version">The <see cref="SidecarDirectory.Version"/> this holds for.</param>
internal sealed record Involvement(IReadOnlyCollection<SidecarLink> Serving, bool HasPage, int Version)
{
    /// <summary>The pod whose page it has, if any: surer than its cgroup.</summary>
    public string? PodUid => Serving.Select(link => link.Identity.PodUid).FirstOrDefault(pod => pod is not null);

    /// <summary>Asks the kernel.</summary>
    public static Involvement Of(HookCall call, SidecarDirectory sidecars)
    {
        var mounts = new ContainerMounts(call.InitPid);
        var serving = sidecars.Serving(() => call.Container, mounts);
        return new Involvement(serving, serving.Length > 0 || mounts.HasUsualPage, sidecars.Version);
    }
}
