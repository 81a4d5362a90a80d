namespace SysGenId.Operator.Node;

/// <summary>Watchers of some pods (S16).</summary>
/// <param name="Watchers">All of them.</param>
/// <param name="Outdated">Those that have not acknowledged the current generation.</param>
internal readonly record struct WatcherCounts(int Watchers, int Outdated);
