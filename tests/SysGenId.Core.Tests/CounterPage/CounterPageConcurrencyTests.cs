using SysGenId.Core.CounterPage;
using SysGenId.Core.Linux;
using SysGenId.TestSupport;

namespace SysGenId.Core.Tests.CounterPage;

public sealed class CounterPageConcurrencyTests : IDisposable
{
    private const uint First = 0x7FFF_FFF0;
    private const int Publications = 200_000;
    private const uint Last = First + Publications;

    private readonly TemporaryDirectory _directory = new();

    private string PagePath => _directory.File("generation");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void S02_S04_A_reading_thread_never_sees_a_mixture_or_a_lower_generation()
    {
        using var page = NewPage();
        using var reader = CounterPageReader.Open(PagePath);
        var (looks, mixtures, lower) = (0, 0, 0);
        var thread = new Thread(() =>
        {
            for (var last = 0u; last < Last; looks++)
            {
                var content = reader.Read();
                if (content != PageContents.Of(content.Generation)) mixtures++;
                if (content.Generation < last || reader.Generation < content.Generation) lower++;
                last = content.Generation;
            }
        });
        thread.Start();
        for (var generation = First + 1; generation <= Last; generation++)
        {
            // However few turns the reader gets, it looks all along.
            if (generation % 1000 == 0) AwaitLook();
            page.Publish(PageContents.Of(generation));
        }

        thread.Join();
        Assert.Equal((0, 0), (mixtures, lower));
        Assert.True(looks > 100, $"looked {looks} times only");

        void AwaitLook()
        {
            var before = Volatile.Read(ref looks);
            SpinWait.SpinUntil(() => Volatile.Read(ref looks) > before);
        }
    }

    [Theory]
    [InlineData("all")]
    [InlineData("spin")]
    public async Task S02_S04_Another_process_never_sees_a_mixture_or_a_lower_generation(string verb)
    {
        using var client = await PageClient.BuildAsync();
        using var page = NewPage();
        await using var child = await client.StartAsync(verb, PagePath, Last);
        PublishUpTo(page, Last);
        await AssertSawTheLastAsync(child);
    }

    [Theory]
    [InlineData("futex")]
    [InlineData("inotify")]
    public async Task S04_A_process_that_sleeps_on_the_page_is_woken_and_reads_the_new_generation(string verb)
    {
        using var client = await PageClient.BuildAsync();
        using var page = NewPage();
        await using var child = await client.StartAsync(verb, PagePath, First + 2_000);
        PublishUpTo(page, First + 2_000);
        await AssertSawTheLastAsync(child);
    }

    [Fact]
    public async Task S15_A_user_without_rights_reads_the_page_and_can_neither_open_nor_map_it_for_writing()
    {
        Requires.Root();
        using var client = await PageClient.BuildAsync();
        await MakeSearchableAsync();
        using var page = NewPage();
        Assert.Equal("refused\n", (await client.RunAsNobodyAsync("write", PagePath, 0)).OrThrow().Output);
    }

    [Fact]
    public async Task S15_A_client_of_the_kernel_device_opens_maps_4_bytes_and_reads_as_any_user()
    {
        Requires.Root();
        using var client = await PageClient.BuildAsync();
        await MakeSearchableAsync();
        using var page = NewPage();
        var reading = client.RunAsNobodyAsync("spin", PagePath, First + 1);
        page.Publish(PageContents.Of(First + 1));
        Assert.Equal("ready\nlast\n", (await reading).OrThrow().Output);
    }

    [Fact]
    public void S04_A_sleeping_reader_is_woken_by_a_publication_and_not_by_an_update_of_counts()
    {
        using var page = NewPage();
        using var reader = CounterPageReader.Open(PagePath);
        uint? woken = null;
        var thread = new Thread(() => woken = WaitFor(reader, First));
        thread.Start();
        page.Update(PageFlags.None, 1, 1);
        Assert.True(thread.IsAlive);
        page.Publish(PageContents.Of(First + 1));
        thread.Join();
        Assert.Equal(First + 1, woken);
    }

    [Fact]
    public void A_wait_for_a_page_that_has_changed_already_returns_at_once_and_one_with_a_limit_ends_with_it()
    {
        using var page = NewPage();
        using var reader = CounterPageReader.Open(PagePath);
        Assert.Equal(First, reader.WaitForChange(First - 1));
        Assert.Equal(First, reader.WaitForChange(First, TimeSpan.FromMilliseconds(20)));
    }

    [Fact]
    public void S04_An_inotify_watcher_is_told_of_every_publication_and_of_no_update()
    {
        using var page = NewPage();
        using var notification = new ChangeNotification();
        Assert.True(notification.TryWatch(PagePath, ChangeNotification.Modified));
        page.Update(PageFlags.Quiesced, 3, 3);
        Assert.False(IsReadable(notification.Descriptor));
        page.Publish(PageContents.Of(First + 1));
        Assert.True(IsReadable(notification.Descriptor));
        notification.Drain();
        Assert.False(IsReadable(notification.Descriptor));
    }

    private static uint WaitFor(CounterPageReader reader, uint handled)
    {
        while (true)
        {
            if (reader.WaitForChange(handled) is var generation && generation != handled) return generation;
        }
    }

    private static unsafe bool IsReadable(Descriptor descriptor)
    {
        var entry = stackalloc int[2] { descriptor.Number, 1 };
        return Libc.poll(entry, 1, 0) > 0;
    }

    private static void PublishUpTo(CounterPageWriter page, uint last)
    {
        for (var generation = First + 1; generation <= last; generation++) page.Publish(PageContents.Of(generation));
    }

    private static async Task AssertSawTheLastAsync(ChildProcess child)
    {
        await child.ExitAsync();
        Assert.Equal("ready\nlast\n", child.Output);
        Assert.Equal(0, child.ExitCode);
    }

    // The temporary directories of other users are closed by the umask of some machines.
    private async Task MakeSearchableAsync() => (await ChildProcess.RunAsync("chmod", "755", _directory.Path)).OrThrow();

    private CounterPageWriter NewPage()
    {
        var page = CounterPageWriter.Open(PagePath);
        page.Publish(PageContents.Of(First));
        return page;
    }
}
