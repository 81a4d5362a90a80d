using SysGenId.Client.Tests.Fixture;
using SysGenId.TestSupport;

namespace SysGenId.Client.Tests;

public sealed class OpeningTests
{
    [Fact]
    public void Where_nothing_is_opening_says_what_to_do()
    {
        using var directory = new TemporaryDirectory();
        var fault = Assert.Throws<SystemGenerationUnavailableException>(
            () => GenerationWatcher.Open(new GenerationWatcherOptions { Directory = directory.Path }));
        Assert.Equal(
            $"There is no system generation at {directory.Path}: {directory.Path}/generation does not exist. In Kubernetes give the pod the "
            + "label sysgenid.io/inject: \"true\", or its namespace, before the pod is created; elsewhere run sysgenid-sidecar and mount its "
            + "directory; if it is elsewhere, name it in SYSGENID_DIR. On a machine where nothing is ever restored, open with "
            + "WhenUnavailable = GenerationZero.",
            fault.Message);
    }

    [Fact]
    public void What_is_no_page_is_not_read_as_one()
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllBytes(directory.File("generation"), new byte[4096]);
        var fault = Assert.Throws<SystemGenerationUnavailableException>(
            () => GenerationWatcher.Open(new GenerationWatcherOptions { Directory = directory.Path }));
        Assert.Equal(
            $"The system generation at {directory.Path} cannot be read: {directory.Path}/generation is not a counter page of SysGenId.", fault.Message);
    }

    [Fact]
    public async Task A_development_machine_stays_at_generation_0()
    {
        using var directory = new TemporaryDirectory();
        using var watcher = GenerationWatcher.Open(
            new GenerationWatcherOptions { Directory = directory.Path, WhenUnavailable = UnavailableBehavior.GenerationZero });

        Assert.Equal((WatcherMode.Unavailable, 0u, Guid.Empty), (watcher.Mode, watcher.Generation, watcher.GenerationId));
        Assert.Equal(default, watcher.Read());
        Assert.False(watcher.TryRead(out _));
        Assert.Equal(AcknowledgeOutcome.Acknowledged, await watcher.AcknowledgeAsync(0, Token));
        Assert.Equal(AcknowledgeOutcome.NotCurrent, await watcher.AcknowledgeAsync(1, Token));
        Assert.Equal(WatchersOutcome.AllUpToDate, await watcher.WaitForWatchersAsync(TimeSpan.Zero, Token));
        Assert.Equal(ForceOutcome.Unsupported, await watcher.ForceAsync(0, Token));
        Assert.Equal("built for 0", watcher.CreateGuard(generation => $"built for {generation}").Run(value => value));
        var wait = watcher.WaitForChangeAsync(Token).AsTask();
        Assert.False(wait.IsCompleted);
        watcher.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => wait);
    }

    [Fact]
    public void All_faults_of_options_are_told_at_once()
    {
        var fault = Assert.Throws<ArgumentException>(() => GenerationWatcher.Open(new GenerationWatcherOptions
        {
            Directory = "run",
            PagePath = "page",
            WhenUnavailable = (UnavailableBehavior)7,
            FirstPause = TimeSpan.Zero,
            LongestPause = TimeSpan.FromDays(1),
            Patience = TimeSpan.Zero,
            TimeProvider = null!,
        }));
        Assert.Equal(
            "These options cannot be used: Directory and PagePath exclude each other; PagePath must be an absolute path; "
            + "WhenUnavailable has no such value; FirstPause must be 1 millisecond to 1 minute; LongestPause must be FirstPause to 1 hour; "
            + "Patience must be 1 millisecond to 1 minute; TimeProvider must not be null.",
            fault.Message);
    }

    [Fact]
    public async Task A_directory_without_sockets_is_a_page_only()
    {
        using var page = new PageUnderTest(7);
        using var watcher = GenerationWatcher.Open(new GenerationWatcherOptions { Directory = page.Directory, Patience = TimeSpan.FromMilliseconds(1) });
        Assert.Equal(WatcherMode.PageOnly, watcher.Mode);
        Assert.Equal(WatchersOutcome.Unsupported, await watcher.WaitForWatchersAsync(TimeSpan.Zero, Token));
        Assert.Equal(ForceOutcome.Unsupported, await watcher.ForceAsync(0, Token));
    }

    [Fact]
    public void The_causes_are_those_of_the_page() => Assert.Equal(
        Enum.GetValues<Core.Generations.GenerationCause>().Select(cause => ($"{cause}", (uint)cause)),
        Enum.GetValues<GenerationCause>().Select(cause => ($"{cause}", (uint)cause)));

    private static CancellationToken Token => TestContext.Current.CancellationToken;
}
