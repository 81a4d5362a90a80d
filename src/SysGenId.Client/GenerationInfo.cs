namespace SysGenId.Client;

/// <summary>A generation and what is known of it, all of one instant.</summary>
/// <param name="Generation">The number, 0 to 4294967295 (S01).</param>
/// <param name="Id">Its name: 128 random bits drawn after the event (S24). Two clones may reach the same number, never the same name. All zero before a node's first publication.</param>
/// <param name="Cause">Why it began.</param>
/// <param name="Time">When it began, by the node's wall clock; null before the first bump.</param>
public readonly record struct GenerationInfo(uint Generation, Guid Id, GenerationCause Cause, DateTimeOffset? Time);
