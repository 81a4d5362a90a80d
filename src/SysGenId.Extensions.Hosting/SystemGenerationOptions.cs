using SysGenId.Client;

namespace SysGenId.Extensions.Hosting;

/// <summary>How the host follows the system generation. Checked when the host starts; all faults are told in one message.</summary>
public sealed record SystemGenerationOptions
{
    /// <summary>
    /// How the watcher is opened: where, and what becomes of a host that nothing is mounted for. By default its start fails with
    /// a sentence that says so; with <see cref="UnavailableBehavior.GenerationZero"/>, for machines of developers, it runs and no
    /// handler is ever called. Its clock is the container's <see cref="TimeProvider"/> where one is registered.
    /// </summary>
    public GenerationWatcherOptions Watcher { get; set; } = new();

    /// <summary>
    /// Whether the handlers run once before the host has started, with <see cref="GenerationChange.IsStart"/>. A handler that then
    /// fails makes the start fail. Default false: what exists at the start is of the generation at the start.
    /// </summary>
    public bool RunHandlersAtStart { get; set; }

    /// <summary>The pause before a handler that failed is called again; doubled with every failure. 1 ms to 1 hour, default 200 ms.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest such pause. <see cref="RetryDelay"/> to 1 hour, default 30 s.</summary>
    public TimeSpan MaximumRetryDelay { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How often a handler may fail for one generation before the host is stopped, for an orchestrator to start a process that
    /// is no copy. 0 to 1000000, default 0: it is called until it succeeds or a newer generation comes.
    /// </summary>
    public int MaximumAttempts { get; set; }
}
