using System.Runtime.InteropServices;
using SysGenId.Core.CounterPage;
using SysGenId.Core.Generations;
using SysGenId.Core.Linux;
using SysGenId.Core.Tests.Protocol;
using SysGenId.TestSupport;

namespace SysGenId.Core.Tests.CounterPage;

public sealed class CounterPageTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string PagePath => _directory.File("generation");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void S15_A_page_is_laid_out_as_its_golden_file()
    {
        using var page = CounterPageWriter.Open(PagePath);
        page.Publish(new PageContent(
            0x8000_0001, Guid.Parse("00112233-4455-6677-8899-aabbccddeeff"), 0x0102_0304_0506_0708, GenerationCause.ContainerRestored,
            PageFlags.AgentConnected | PageFlags.GateProven, Watchers: 3, Outdated: 2));
        var bytes = File.ReadAllBytes(PagePath);
        Assert.Equal(4096, bytes.Length);
        Assert.All(bytes[56..], octet => Assert.Equal(0, octet));
        GoldenFiles.AssertEqual("counter-page.bin", bytes[..56]);
    }

    [Fact]
    public void S04_What_is_shown_is_read_before_anybody_is_woken()
    {
        using var page = CounterPageWriter.Open(PagePath);
        using var written = new ChangeNotification();
        Assert.True(written.TryWatch(PagePath, ChangeNotification.Modified));
        page.Show(PageContents.Of(7));
        Assert.Equal(7u, MemoryMarshal.Read<uint>(File.ReadAllBytes(PagePath)));
        Assert.False(Readiness.Wait(written.Descriptor, Readiness.Readable, TimeSpan.Zero));
        page.Wake();
        Assert.True(Readiness.Wait(written.Descriptor, Readiness.Readable, TimeSpan.Zero));
    }

    [Fact]
    public void S01_S15_A_new_page_says_generation_0_and_is_one_read_only_page_long()
    {
        using var page = CounterPageWriter.Open(PagePath);
        var status = Status();
        Assert.Equal((4096L, 0x124u, 1u), (status.Size, status.Permissions, status.Links));
        Assert.False(page.IsPublished);
        Assert.Equal(default, page.Content);
        Assert.Equal(0u, MemoryMarshal.Read<uint>(File.ReadAllBytes(PagePath)));
    }

    [Fact]
    public void S02_S15_A_page_keeps_inode_size_mode_and_generation_over_restarts_of_its_writer()
    {
        FileStatus before;
        using (var page = CounterPageWriter.Open(PagePath))
        {
            page.Publish(PageContents.Of(0x9000_0000));
            before = Status();
        }

        using (var page = CounterPageWriter.Open(PagePath))
        {
            Assert.True(page.IsPublished);
            Assert.Equal(PageContents.Of(0x9000_0000) with { Flags = PageFlags.None, Watchers = 0, Outdated = 0 }, page.Content);
            page.Publish(PageContents.Of(0x9000_0001));
            Assert.Equal(before, Status());
            Assert.Equal(before, page.Status with { ChangedNs = 0 });
        }
    }

    [Fact]
    public async Task S15_Its_owner_without_any_right_reopens_a_page_and_leaves_inode_size_and_mode()
    {
        await AsUser.NobodyAsync(_directory.Path, () =>
        {
            using (var page = CounterPageWriter.Open(PagePath)) page.Publish(PageContents.Of(7));
            var before = Status();
            using (var page = CounterPageWriter.Open(PagePath))
            {
                Assert.Equal(7u, page.Content.Generation);
                page.Publish(PageContents.Of(8));
            }

            Assert.Equal(before, Status());
            Assert.Equal((AsUser.Nobody, 0x124u), (before.Owner, before.Permissions));
        });
    }

    [Fact]
    public async Task A_page_of_another_user_is_refused_with_a_sentence()
    {
        Requires.Root();
        CounterPageWriter.Open(PagePath).Dispose();
        await AsUser.NobodyAsync(_directory.Path, () =>
        {
            var refusal = Assert.Throws<CounterPageException>(() => CounterPageWriter.Open(PagePath));
            Assert.Equal($"{PagePath} belongs to uid 0, not to this process. Remove it and start again.", refusal.Message);
        });
    }

    [Fact]
    public void S02_A_lower_generation_is_not_published()
    {
        using var page = CounterPageWriter.Open(PagePath);
        page.Publish(PageContents.Of(8));
        Assert.Throws<ArgumentOutOfRangeException>(() => page.Publish(PageContents.Of(7)));
        using var reader = CounterPageReader.Open(PagePath);
        Assert.Equal(PageContents.Of(8), reader.Read());
    }

    [Fact]
    public void An_update_of_flags_and_counts_is_seen_and_one_that_changes_nothing_stores_nothing()
    {
        using var page = CounterPageWriter.Open(PagePath);
        page.Publish(PageContents.Of(8));
        page.Update(PageFlags.Quiesced, 4, 2);
        using var reader = CounterPageReader.Open(PagePath);
        Assert.Equal(PageContents.Of(8) with { Flags = PageFlags.Quiesced, Watchers = 4, Outdated = 2 }, reader.Read());
        var bytes = File.ReadAllBytes(PagePath);
        page.Update(PageFlags.Quiesced, 4, 2);
        Assert.Equal(bytes, File.ReadAllBytes(PagePath));
    }

    [Theory]
    [InlineData(0x00u)]
    [InlineData(0x100u)]
    [InlineData(0x1FFu)]
    public void S15_A_page_whose_mode_was_changed_gets_it_back(uint mode)
    {
        Requires.Root();
        CounterPageWriter.Open(PagePath).Dispose();
        Files.SetPermissions(PagePath, mode);
        CounterPageWriter.Open(PagePath).Dispose();
        Assert.Equal(0x124u, Status().Permissions);
    }

    [Fact]
    public void S02_A_page_torn_by_a_crash_keeps_its_number_and_loses_its_name_so_that_the_change_comes_again()
    {
        using (var page = CounterPageWriter.Open(PagePath)) page.Publish(PageContents.Of(8));
        using (var page = new RawPage(PagePath))
        {
            page[PageLayout.Sequence] |= 1;
            page[PageLayout.Id] = 0xDEAD;
        }

        using (var page = CounterPageWriter.Open(PagePath)) Assert.Equal((8u, Guid.AllBitsSet, true), (page.Content.Generation, page.Content.Id, page.IsPublished));
        using var reader = new RawPage(PagePath);
        Assert.Equal(0u, reader[PageLayout.Sequence] & 1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_page_whose_first_writer_died_at_once_is_finished(bool isSized)
    {
        File.WriteAllBytes(PagePath, new byte[isSized ? PageLayout.Length : 0]);
        if (isSized)
        {
            using var raw = new RawPage(PagePath);
            raw[PageLayout.Sequence] = 1;
        }

        using var page = CounterPageWriter.Open(PagePath);
        Assert.Equal(default, page.Content);
        Assert.Equal((4096L, 0x124u), (Status().Size, Status().Permissions));
    }

    [Fact]
    public void A_reader_is_not_held_up_for_ever_by_a_writer_that_died_in_a_change()
    {
        using (var page = CounterPageWriter.Open(PagePath)) page.Publish(PageContents.Of(8));
        using (var page = new RawPage(PagePath)) page[PageLayout.Sequence] |= 1;
        using var reader = CounterPageReader.Open(PagePath);
        Assert.Equal(8u, reader.Read().Generation);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(56)]
    [InlineData(4095)]
    [InlineData(4097)]
    public void A_file_of_another_length_is_refused_and_left_as_it_was(int length) =>
        AssertRefused(new byte[length], $"{PagePath} is not a counter page: {length} bytes long. Remove it and start again.");

    [Theory]
    [InlineData(0)]
    [InlineData(8)]
    [InlineData(16)]
    [InlineData(4095)]
    public void Foreign_content_is_refused_and_left_as_it_was_wherever_it_stands(int offset)
    {
        var content = new byte[4096];
        content[offset] = 7;
        AssertRefused(content, $"{PagePath} is not a counter page: it has no mark of ours. Remove it and start again.");
    }

    [Fact]
    public void A_symbolic_link_is_not_followed()
    {
        File.WriteAllBytes(_directory.File("victim"), new byte[4096]);
        File.CreateSymbolicLink(PagePath, _directory.File("victim"));
        var refusal = Assert.Throws<LinuxException>(() => CounterPageWriter.Open(PagePath));
        Assert.Equal($"open {PagePath}: is a symbolic link (ELOOP)", refusal.Message);
        Assert.Equal(new byte[4096], File.ReadAllBytes(_directory.File("victim")));
    }

    [Fact]
    public void A_dangling_symbolic_link_is_not_followed_and_nothing_is_made_behind_it()
    {
        File.CreateSymbolicLink(PagePath, _directory.File("victim"));
        Assert.Throws<LinuxException>(() => CounterPageWriter.Open(PagePath));
        Assert.False(File.Exists(_directory.File("victim")));
    }

    [Fact]
    public void A_directory_is_refused()
    {
        Directory.CreateDirectory(PagePath);
        var refusal = Assert.Throws<LinuxException>(() => CounterPageWriter.Open(PagePath));
        Assert.Equal($"open {PagePath}: is a directory (EISDIR)", refusal.Message);
    }

    [Fact]
    public async Task A_hard_link_is_refused_and_left_as_it_was()
    {
        File.WriteAllBytes(_directory.File("victim"), new byte[4096]);
        (await ChildProcess.RunAsync("ln", _directory.File("victim"), PagePath)).OrThrow();
        AssertRefused(null, $"{PagePath} is not a counter page: not a regular file with one name. Remove it and start again.");
    }

    [Fact]
    public async Task A_pipe_is_refused_and_does_not_hold_up_its_opener()
    {
        (await ChildProcess.RunAsync("mkfifo", PagePath)).OrThrow();
        Assert.Throws<CounterPageException>(() => CounterPageWriter.Open(PagePath));
        Assert.Throws<CounterPageException>(() => CounterPageReader.Open(PagePath));
    }

    [Fact]
    public async Task A_pipe_that_its_owner_may_only_read_does_not_hold_up_its_opener_either()
    {
        await AsUser.NobodyAsync(_directory.Path, () =>
        {
            using var made = System.Diagnostics.Process.Start("mkfifo", [PagePath]);
            made.WaitForExit();
        });
        Files.SetPermissions(PagePath, 0x124);
        await AsUser.NobodyAsync(_directory.Path, () => Assert.Throws<CounterPageException>(() => CounterPageWriter.Open(PagePath)));
    }

    [Fact]
    public async Task On_a_full_file_system_opening_a_page_fails_with_a_sentence_and_leaves_nothing()
    {
        Requires.Root();
        var mount = _directory.CreateDirectory("full");
        (await ChildProcess.RunAsync("mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", mount)).OrThrow();
        try
        {
            File.WriteAllBytes(Path.Join(mount, "rest"), new byte[16 * 1024]);
            var refusal = Assert.Throws<LinuxException>(() => CounterPageWriter.Open(Path.Join(mount, "generation")));
            Assert.Equal(Errno.ENOSPC, refusal.Error);
            Assert.False(File.Exists(Path.Join(mount, "generation")));
        }
        finally
        {
            (await ChildProcess.RunAsync("umount", mount)).OrThrow();
        }
    }

    [Fact]
    public void What_is_not_a_page_is_not_read_as_one()
    {
        File.WriteAllBytes(PagePath, new byte[100]);
        Assert.Throws<CounterPageException>(() => CounterPageReader.Open(PagePath));
        File.WriteAllBytes(PagePath, new byte[4096]);
        var refusal = Assert.Throws<CounterPageException>(() => CounterPageReader.Open(PagePath));
        Assert.Equal($"{PagePath} is not a counter page of SysGenId.", refusal.Message);
    }

    // Times move with every publication.
    private FileStatus Status() => Files.TryStatus(PagePath, out _)!.Value with { ChangedNs = 0 };

    private void AssertRefused(byte[]? content, string sentence)
    {
        if (content is not null) File.WriteAllBytes(PagePath, content);
        Files.SetPermissions(PagePath, 0x1A0);
        var before = (Status(), Convert.ToHexString(File.ReadAllBytes(PagePath)));
        Assert.Equal(sentence, Assert.Throws<CounterPageException>(() => CounterPageWriter.Open(PagePath)).Message);
        Assert.Equal(before, (Status(), Convert.ToHexString(File.ReadAllBytes(PagePath))));
    }
}
