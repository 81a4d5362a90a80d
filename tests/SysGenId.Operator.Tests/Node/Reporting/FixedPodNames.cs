using SysGenId.Operator.Node;

namespace SysGenId.Operator.Tests.Node.Reporting;

/// <summary>Pods with names that a test chose.</summary>
internal sealed class FixedPodNames(params (string Uid, string Namespace, string Name)[] pods) : IPodNames
{
    public PodName? Find(string? podUid) =>
        pods.Where(pod => pod.Uid == podUid).Select(pod => new PodName(pod.Namespace, pod.Name)).FirstOrDefault();
}
