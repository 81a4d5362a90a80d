using SysGenId.Operator.Api;

namespace SysGenId.Operator.Control.Objects;

/// <summary>What is to be done with one SystemGeneration.</summary>
/// <param name="Object">As it was read.</param>
/// <param name="Readiness">What its condition is to say; null: the object is to be deleted.</param>
internal sealed record ObjectStep(SystemGeneration Object, AgentReadiness? Readiness);
