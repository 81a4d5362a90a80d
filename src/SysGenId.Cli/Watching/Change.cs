using SysGenId.Core.Generations;

namespace SysGenId.Cli.Watching;

/// <summary>A generation and what is known of it.</summary>
/// <param name="Generation">The number.</param>
/// <param name="TimeNs">When it began, or, where only a watch socket tells of it, when it was noticed; 0 before the first bump.</param>
/// <param name="Cause">Why it began; null where only a watch socket tells of it.</param>
/// <param name="Id">Its name (S24); null before the first bump and where only a watch socket tells of it.</param>
internal readonly record struct Change(uint Generation, long TimeNs, GenerationCause? Cause, Guid? Id);
