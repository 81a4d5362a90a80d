using SysGenId.Operator.Api;
using SysGenId.Operator.Node.Ports;

namespace SysGenId.Operator.Node.Reporting;

/// <summary>All that a status is made of.</summary>
/// <param name="Node">The node now.</param>
/// <param name="ObservedGeneration">The <c>metadata.generation</c> whose spec is in force.</param>
/// <param name="Before">The status that the object has; null when it has none.</param>
/// <param name="PodNames">Names of pods.</param>
/// <param name="Now">The time of transitions.</param>
/// <param name="Conflict">Who else reports as this node; null: nobody.</param>
internal sealed record StatusInputs(
    NodeSnapshot Node, long? ObservedGeneration, SystemGenerationStatus? Before, IPodNames PodNames, DateTimeOffset Now, string? Conflict = null);
