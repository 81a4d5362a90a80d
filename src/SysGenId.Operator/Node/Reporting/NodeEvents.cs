using SysGenId.Operator.Cluster;
using SysGenId.Operator.Node.Ports;

namespace SysGenId.Operator.Node.Reporting;

/// <summary>Tells people what happened, as Events of the node, and of the pod where it is about one.</summary>
internal sealed class NodeEvents(string node, IPodNames podNames, IEventRecorder recorder)
{
    public void Tell(Occurrence occurrence)
    {
        var severity = occurrence.IsWarning ? EventSeverity.Warning : EventSeverity.Normal;
        var pod = podNames.Find(occurrence.PodUid);
        var message = occurrence.PodUid is null ? occurrence.Message : $"Pod {pod?.ToString() ?? occurrence.PodUid}: {occurrence.Message}";
        recorder.Record(new ClusterEvent(EventSubject.Node(node), severity, occurrence.Reason, message));
        if (pod is not null) recorder.Record(new ClusterEvent(EventSubject.Pod(pod.Namespace, pod.Name, occurrence.PodUid), severity, occurrence.Reason, occurrence.Message));
    }
}
