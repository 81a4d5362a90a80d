namespace SysGenId.Core.Watchers;

/// <summary>The counts of one instant (S16).</summary>
/// <param name="Generation">The generation they belong to.</param>
/// <param name="Watchers">Open watchers and those expected back.</param>
/// <param name="Outdated">How many of them have not confirmed the generation.</param>
/// <param name="Expected">How many of them are expected back and have not come (S23).</param>
internal readonly record struct WatcherCounts(uint Generation, int Watchers, int Outdated, int Expected);
