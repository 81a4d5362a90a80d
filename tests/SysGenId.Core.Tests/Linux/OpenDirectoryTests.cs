using SysGenId.Core.Linux;
using SysGenId.TestSupport;

namespace SysGenId.Core.Tests.Linux;

public sealed class OpenDirectoryTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly OpenDirectory _open;

    public OpenDirectoryTests() => _open = OpenDirectory.TryOpen(_directory.Path, out _)!;

    public void Dispose()
    {
        _open.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public void A_file_is_written_read_and_removed_by_its_name_wherever_the_directory_has_moved()
    {
        var elsewhere = _directory.Path + "-moved";
        Directory.Move(_directory.Path, elsewhere);
        try
        {
            _open.Replace("record", "one"u8, 0x180);
            _open.Replace("record", "two"u8, 0x180);
            Assert.Equal("two"u8, _open.TryReadAll("record", 3, out var error)!);
            Assert.Equal(Errno.None, error);
            Assert.Equal([Path.Join(elsewhere, "record")], Directory.GetFiles(elsewhere));
            _open.Remove("record");
            _open.Remove("record");
            Assert.Null(_open.TryReadAll("record", 3, out error));
            Assert.Equal(Errno.ENOENT, error);
        }
        finally
        {
            Directory.Move(elsewhere, _directory.Path);
        }
    }

    [Fact]
    public void A_link_is_neither_read_nor_written_through()
    {
        File.WriteAllText(_directory.File("victim"), "mine");
        File.CreateSymbolicLink(_directory.File("record"), _directory.File("victim"));
        File.CreateSymbolicLink(_directory.File(".record.new"), _directory.File("victim"));
        Assert.Null(_open.TryReadAll("record", 100, out var error));
        Assert.Equal(Errno.ELOOP, error);
        _open.Replace("record", "new"u8, 0x180);
        Assert.Equal(("mine", "new"), (File.ReadAllText(_directory.File("victim")), File.ReadAllText(_directory.File("record"))));
    }

    [Fact]
    public async Task What_is_no_regular_file_or_too_long_is_not_read()
    {
        (await ChildProcess.RunAsync("mkfifo", _directory.File("pipe"))).OrThrow();
        _directory.CreateDirectory("below");
        File.WriteAllText(_directory.File("long"), "four");
        foreach (var name in new[] { "pipe", "below", "long" })
        {
            Assert.Null(_open.TryReadAll(name, 3, out var error));
            Assert.Equal(Errno.EINVAL, error);
        }
    }

    [Fact]
    public void Where_a_file_cannot_be_replaced_nothing_is_left_beside_it()
    {
        _directory.CreateDirectory("record");
        Assert.Equal(Errno.EISDIR, Assert.Throws<LinuxException>(() => _open.Replace("record", "new"u8, 0x180)).Error);
        Assert.Equal([_directory.File("record")], Directory.GetFileSystemEntries(_directory.Path));
    }

    [Fact]
    public async Task What_is_no_directory_is_not_opened_and_a_pipe_does_not_hold_up_its_opener()
    {
        (await ChildProcess.RunAsync("mkfifo", _directory.File("pipe"))).OrThrow();
        File.WriteAllText(_directory.File("file"), "");
        foreach (var name in new[] { "pipe", "file" })
        {
            Assert.Null(OpenDirectory.TryOpen(_directory.File(name), out var error));
            Assert.Equal(Errno.ENOTDIR, error);
        }
    }
}
