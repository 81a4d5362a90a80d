using SysGenId.Core.Generations;

namespace SysGenId.Sidecar.Generations;

/// <summary>A change of the node's generation, as the agent delivers it.</summary>
/// <param name="Generation">The node's generation.</param>
/// <param name="Minimum">What this pod's own generation must reach at least (S21); 0 when nothing is asked for.</param>
/// <param name="Id">The change's name (S24); the same name again is the same change again.</param>
/// <param name="Cause">Why it changed.</param>
/// <param name="TimeNs">When: nanoseconds since the Unix epoch.</param>
internal readonly record struct Delivery(uint Generation, uint Minimum, Guid Id, GenerationCause Cause, long TimeNs);
