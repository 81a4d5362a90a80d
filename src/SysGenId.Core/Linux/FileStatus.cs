namespace SysGenId.Core.Linux;

/// <summary>What <c>statx</c> says of a file, as far as anything here asks.</summary>
/// <param name="Device">The file system's device number, major and minor as <c>/proc/PID/mountinfo</c> prints them.</param>
/// <param name="Inode">The file's number on that device.</param>
/// <param name="Mode">File type and permission bits.</param>
/// <param name="Links">How many names it has.</param>
/// <param name="Owner">The owner's uid.</param>
/// <param name="Size">Its length in bytes.</param>
/// <param name="Group">The owning gid.</param>
/// <param name="ChangedNs">When content or status changed last: nanoseconds since the Unix epoch.</param>
internal readonly record struct FileStatus(
    (uint Major, uint Minor) Device, ulong Inode, uint Mode, uint Links, uint Owner, long Size, uint Group, long ChangedNs)
{
    private const uint TypeMask = 0xF000;
    private const uint Regular = 0x8000;
    private const uint SocketType = 0xC000;
    private const uint DirectoryType = 0x4000;
    private const uint CharacterType = 0x2000;

    public bool IsRegularFile => (Mode & TypeMask) == Regular;

    public bool IsSocket => (Mode & TypeMask) == SocketType;

    public bool IsDirectory => (Mode & TypeMask) == DirectoryType;

    public bool IsCharacterDevice => (Mode & TypeMask) == CharacterType;

    /// <summary>The permission bits, without the type.</summary>
    public uint Permissions => Mode & 0xFFF;
}
