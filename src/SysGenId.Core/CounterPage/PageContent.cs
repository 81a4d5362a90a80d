using SysGenId.Core.Generations;

namespace SysGenId.Core.CounterPage;

/// <summary>Everything a counter page says, of one instant.</summary>
/// <param name="Generation">The current generation.</param>
/// <param name="Id">Its name (S24); all zero before the first publication.</param>
/// <param name="TimeNs">When it began: nanoseconds since the Unix epoch, wall clock; 0 before the first bump.</param>
/// <param name="Cause">Why it began.</param>
/// <param name="Flags">The state of the page's writer.</param>
/// <param name="Watchers">Watchers behind this page.</param>
/// <param name="Outdated">How many of them are outdated.</param>
internal readonly record struct PageContent(
    uint Generation, Guid Id, long TimeNs, GenerationCause Cause, PageFlags Flags = PageFlags.None, int Watchers = 0, int Outdated = 0);
