using SysGenId.TestSupport.Programs;

namespace SysGenId.Conformance.Tests.Interfaces;

/// <summary>An interface that programs in containers use: how they are started, and what they log on their volume.</summary>
internal interface IContainedWatchers : IGenerationInterface
{
    /// <summary>Starts all of them. A watcher acknowledges once there is <c>/work/go</c>.</summary>
    string Command { get; }

    /// <summary>Static programs that the container has in /bin, beside those of the checkpoint tests that the command names.</summary>
    Task<IReadOnlyList<string>> ProgramsAsync();

    /// <summary>How many of them are watchers that are counted.</summary>
    int Watchers { get; }

    /// <summary>Waits until all of them watch.</summary>
    Task AreReadyAsync(Volume volume);

    /// <summary>The first value that each of them saw after a restore into a volume of its own.</summary>
    /// <param name="volume">The volume of the restored container.</param>
    /// <param name="between">An instant after the dump and before the restore.</param>
    Task<IReadOnlyDictionary<string, uint>> FirstSeenAsync(Volume volume, DateTimeOffset between);
}
