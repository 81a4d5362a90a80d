using k8s.Models;

namespace SysGenId.Operator.Cluster;

/// <summary>Something that happened to an object, to be told as an Event.</summary>
/// <param name="Subject">The object, see <see cref="EventSubject"/>.</param>
/// <param name="Severity">Warning where somebody may have to act.</param>
/// <param name="Reason">A stable code in UpperCamelCase.</param>
/// <param name="Message">A sentence; cut after 1024 characters, the API's own limit.</param>
internal sealed record ClusterEvent(V1ObjectReference Subject, EventSeverity Severity, string Reason, string Message);
