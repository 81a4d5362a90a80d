using System.Globalization;
using System.Text;
using SysGenId.Core.Linux;
using SysGenId.TestSupport;

namespace SysGenId.Core.Tests.Linux;

public sealed class FilesTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string FilePath => _directory.File("file");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task The_status_of_a_file_is_what_the_stat_program_prints()
    {
        File.WriteAllText(FilePath, "12345");
        Files.SetPermissions(FilePath, 0x9A0);
        (await ChildProcess.RunAsync("ln", FilePath, _directory.File("second"))).OrThrow();
        var words = (await ChildProcess.RunAsync("stat", "-c", "%Hd %Ld %i %f %h %u %s %g %.9Z", FilePath)).OrThrow().Output.Replace(".", "", StringComparison.Ordinal).Split(' ');
        ulong Word(int index, NumberStyles style = NumberStyles.Integer) => ulong.Parse(words[index].Trim(), style, CultureInfo.InvariantCulture);
        var expected = new FileStatus(
            ((uint)Word(0), (uint)Word(1)), Word(2), (uint)Word(3, NumberStyles.HexNumber), (uint)Word(4), (uint)Word(5), (long)Word(6), (uint)Word(7), (long)Word(8));
        Assert.Equal(expected, Files.TryStatus(FilePath, out _));
        using var file = Files.Open(FilePath, Files.ReadOnly);
        Assert.Equal(expected, Files.Status(file));
        Assert.True(expected.IsRegularFile);
        Assert.Equal(0x9A0u, expected.Permissions);
    }

    [Fact]
    public void The_device_of_a_file_is_the_one_its_mount_is_listed_under()
    {
        File.WriteAllText(FilePath, "");
        var (major, minor) = Files.TryStatus(FilePath, out _)!.Value.Device;
        Assert.Contains($" {major}:{minor} ", ProcessTable.Mounts(Environment.ProcessId), StringComparison.Ordinal);
    }

    [Fact]
    public void The_status_of_a_link_is_its_own_and_of_nothing_there_is_none()
    {
        File.CreateSymbolicLink(FilePath, "/");
        Assert.False(Files.TryStatus(FilePath, out _)!.Value.IsRegularFile);
        Assert.Null(Files.TryStatus(_directory.File("nothing"), out var error));
        Assert.Equal(Errno.ENOENT, error);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4096)]
    [InlineData(4097)]
    [InlineData(100_000)]
    public void A_small_file_is_read_whole_up_to_the_limit_and_not_beyond(int length)
    {
        var content = new byte[length];
        new Random(length).NextBytes(content);
        File.WriteAllBytes(FilePath, content);
        Assert.Equal(content, Files.TryReadAll(FilePath, length, out var error));
        Assert.Equal(Errno.None, error);
        if (length == 0) return;
        Assert.Null(Files.TryReadAll(FilePath, length - 1, out error));
        Assert.Equal(Errno.EINVAL, error);
    }

    [Fact]
    public async Task Links_directories_and_pipes_are_not_read()
    {
        File.CreateSymbolicLink(FilePath, "/etc/passwd");
        Assert.Null(Files.TryReadAll(FilePath, 4096, out var error));
        Assert.Equal(Errno.ELOOP, error);
        Assert.Null(Files.TryReadAll(_directory.Path, 4096, out error));
        Assert.Equal(Errno.EISDIR, error);
        (await ChildProcess.RunAsync("mkfifo", _directory.File("pipe"))).OrThrow();
        Assert.Empty(Files.TryReadAll(_directory.File("pipe"), 4096, out _)!);
    }

    [Fact]
    public void A_replaced_file_has_the_new_content_and_mode_and_nothing_is_left_beside_it()
    {
        Files.ReplaceDurably(FilePath, "old"u8, 0x180);
        Files.ReplaceDurably(FilePath, "new"u8, 0x1A4);
        Assert.Equal("new", File.ReadAllText(FilePath));
        Assert.Equal(0x1A4u, Files.TryStatus(FilePath, out _)!.Value.Permissions);
        Assert.Equal([FilePath], Directory.GetFiles(_directory.Path));
    }

    [Fact]
    public void A_file_named_from_the_working_directory_is_replaced_too()
    {
        var path = Path.GetRelativePath(Directory.GetCurrentDirectory(), FilePath);
        Files.ReplaceDurably(path, "new"u8, 0x180);
        Assert.Equal("new", File.ReadAllText(FilePath));
    }

    [Fact]
    public void A_reader_of_a_file_that_is_being_replaced_sees_one_whole_content_or_another()
    {
        const int length = 64 * 1024;
        Files.Replace(FilePath, new byte[length], 0x180);
        var (stop, mixtures) = (false, 0);
        var thread = new Thread(() =>
        {
            while (!Volatile.Read(ref stop))
            {
                var content = File.ReadAllBytes(FilePath);
                if (content.Length != length || content.AsSpan().ContainsAnyExcept(content[0])) mixtures++;
            }
        });
        thread.Start();
        for (var round = 1; round < 500; round++) Files.Replace(FilePath, Enumerable.Repeat((byte)round, length).ToArray(), 0x180);
        Volatile.Write(ref stop, true);
        thread.Join();
        Assert.Equal(0, mixtures);
    }

    [Fact]
    public void A_link_planted_where_the_new_content_is_prepared_is_removed_and_not_written_through()
    {
        File.WriteAllText(_directory.File("victim"), "mine");
        File.CreateSymbolicLink(FilePath + ".new", _directory.File("victim"));
        Files.ReplaceDurably(FilePath, "new"u8, 0x180);
        Assert.Equal(("mine", "new"), (File.ReadAllText(_directory.File("victim")), File.ReadAllText(FilePath)));
    }

    [Fact]
    public void A_link_at_the_path_is_replaced_and_not_written_through()
    {
        File.WriteAllText(_directory.File("victim"), "mine");
        File.CreateSymbolicLink(FilePath, _directory.File("victim"));
        Files.ReplaceDurably(FilePath, "new"u8, 0x180);
        Assert.Equal(("mine", "new"), (File.ReadAllText(_directory.File("victim")), File.ReadAllText(FilePath)));
        Assert.Null(File.ResolveLinkTarget(FilePath, false));
    }

    [Fact]
    public void Where_a_file_cannot_be_replaced_what_is_there_stays_and_nothing_is_left_beside_it()
    {
        _directory.CreateDirectory("file");
        Assert.Throws<LinuxException>(() => Files.ReplaceDurably(FilePath, "new"u8, 0x180));
        Assert.Equal([FilePath], Directory.GetFileSystemEntries(_directory.Path));
        Assert.Equal(Errno.ENOENT, Assert.Throws<LinuxException>(() => Files.Replace(_directory.File("no/file"), "new"u8, 0x180)).Error);
    }

    [Fact]
    public async Task On_a_full_disk_the_old_content_stays()
    {
        Requires.Root();
        var mount = _directory.CreateDirectory("full");
        (await ChildProcess.RunAsync("mount", "-t", "tmpfs", "-o", "size=32k", "tmpfs", mount)).OrThrow();
        try
        {
            var path = Path.Join(mount, "state");
            Files.ReplaceDurably(path, "old"u8, 0x180);
            Assert.Equal(Errno.ENOSPC, Assert.Throws<LinuxException>(() => Files.ReplaceDurably(path, new byte[64 * 1024], 0x180)).Error);
            Assert.Equal("old", File.ReadAllText(path));
            Assert.Equal([path], Directory.GetFiles(mount));
        }
        finally
        {
            (await ChildProcess.RunAsync("umount", mount)).OrThrow();
        }
    }

    [Fact]
    public void A_directory_is_made_with_those_above_it_and_one_that_is_there_is_left()
    {
        var path = Path.Join(_directory.Path, "one", "two", "three");
        Files.CreateDirectory(path, 0x1C0);
        Files.CreateDirectory(path, 0x1FF);
        Assert.Equal(0x1C0u, Files.TryStatus(path, out _)!.Value.Permissions);
        File.WriteAllText(FilePath, "");
        Assert.Equal(Errno.ENOTDIR, Assert.Throws<LinuxException>(() => Files.CreateDirectory(FilePath + "/below", 0x1C0)).Error);
    }

    [Fact]
    public void Removing_what_is_not_there_is_no_error_and_a_directory_is_one() =>
        Assert.Contains(_directory.Path, Assert.ThrowsAny<LinuxException>(() =>
        {
            Files.Remove(_directory.File("nothing"));
            Files.Remove(_directory.Path);
        }).Message, StringComparison.Ordinal);

    [Fact]
    public void A_closed_descriptor_names_no_file()
    {
        File.WriteAllText(FilePath, "mine");
        var file = Files.Open(FilePath, Files.ReadOnly);
        file.Dispose();
        Assert.Equal(-1, file.Number);
        Assert.Equal(Errno.EBADF, Assert.Throws<LinuxException>(() => Files.Status(file)).Error);
    }

    [Fact]
    public void S24_Two_names_drawn_from_the_kernel_are_never_the_same()
    {
        var names = Enumerable.Range(0, 10_000).Select(_ => KernelRandom.NextId()).ToList();
        Assert.Equal(names.Count, names.Distinct().Count());
        var bits = names.Aggregate(new int[128], (counts, name) =>
        {
            var bytes = name.ToByteArray();
            for (var bit = 0; bit < 128; bit++) counts[bit] += bytes[bit / 8] >> (bit % 8) & 1;
            return counts;
        });
        Assert.All(bits, ones => Assert.InRange(ones, 4_500, 5_500));
    }

    [Fact]
    public void S24_The_kernel_seeds_its_random_numbers_anew_for_those_who_may_ask_for_it()
    {
        var first = KernelRandom.NextId();
        if (!KernelRandom.TryReseed("what one copy sees"u8, out var error)) Assert.Equal(Errno.EPERM, error);
        Assert.NotEqual(first, KernelRandom.NextId());
    }

    [Fact]
    public void A_read_from_an_offset_moves_nothing_and_says_why_it_cannot_be()
    {
        File.WriteAllText(FilePath, "0123456789");
        using var file = Files.Open(FilePath, Files.ReadOnly);
        var buffer = new byte[4];
        Assert.Equal((4, "3456"), (Files.TryReadAt(file, buffer, 3, out _), Encoding.ASCII.GetString(buffer)));
        Assert.Equal(2, Files.TryReadAt(file, buffer, 8, out _));
        Assert.Equal((4, "0123"), (Files.TryRead(file, buffer, out _), Encoding.ASCII.GetString(buffer)));
        Assert.Equal((-1, Errno.EBADF), (Files.TryWrite(file, buffer, out var error), error));
        using var signal = new EventSignal();
        Assert.Equal(-1, Files.TryReadAt(signal.Descriptor, buffer, 0, out error));
        Assert.NotEqual(Errno.None, error);
    }

    [Fact]
    public void A_map_that_is_refused_is_an_outcome()
    {
        using var signal = new EventSignal();
        Assert.Null(SharedPage.TryMap(signal.Descriptor, 4, out var error));
        Assert.Equal(Errno.ENODEV, error);
        using var zero = Files.Open("/dev/zero", Files.ReadOnly);
        using var page = SharedPage.TryMap(zero, 4, out _);
        Assert.NotNull(page);
        Assert.True(Files.Status(zero).IsCharacterDevice);
    }
}
