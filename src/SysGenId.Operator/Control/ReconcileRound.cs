using SysGenId.Operator.Cluster;

namespace SysGenId.Operator.Control;

/// <summary>What one round of a loop came to.</summary>
/// <param name="Result">For the metric; <see cref="ReconcileResult.Conflict"/> is tried again soon.</param>
/// <param name="LookAgain">When there will be something to do, if nothing changes before; null: never.</param>
internal readonly record struct ReconcileRound(ReconcileResult Result, TimeSpan? LookAgain);
