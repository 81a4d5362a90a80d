using SysGenId.Core.Linux;

namespace SysGenId.Operator.Node.HookInstallation;

/// <summary>A CRIU configuration on disk, replaced in one step and with the owner and mode it had.</summary>
internal sealed class CriuConfigurationFile
{
    private const int MaximumLength = 1024 * 1024;
    private const uint NewFileMode = 0x1A4; // 0644
    private const uint NewDirectoryMode = 0x1ED; // 0755

    private FileStatus? _status;

    private CriuConfigurationFile(string path, FileStatus? status, byte[] content) => (Path, _status, Content) = (path, status, content);

    /// <summary>The file itself: where a symbolic link leads.</summary>
    public string Path { get; }

    public bool Exists => _status is not null;

    /// <summary>What it says; nothing when it is not there.</summary>
    public byte[] Content { get; private set; }

    /// <summary>How many directories above it are missing.</summary>
    public int MissingDirectories => CountMissing(System.IO.Path.GetDirectoryName(Path));

    /// <summary>Reads the file, which need not be there. Null, and a sentence, when it cannot be one.</summary>
    public static CriuConfigurationFile? TryOpen(string path, out string fault)
    {
        fault = "";
        string target;
        try
        {
            target = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? System.IO.Path.GetFullPath(path);
        }
        catch (Exception mistake) when (mistake is FileNotFoundException or DirectoryNotFoundException)
        {
            target = System.IO.Path.GetFullPath(path);
        }
        catch (IOException mistake)
        {
            fault = $"{path}: {mistake.Message}";
            return null;
        }

        if (Files.TryStatus(target, out var error) is not { } status)
        {
            if (error == Errno.ENOENT) return new CriuConfigurationFile(target, null, []);
            fault = $"{target} cannot be read ({error}).";
            return null;
        }

        var content = status.IsRegularFile ? Files.TryReadAll(target, MaximumLength, out error) : null;
        if (content is not null) return new CriuConfigurationFile(target, status, content);
        fault = $"{target} is no configuration file: not a regular file of at most {MaximumLength} bytes.";
        return null;
    }

    /// <summary>Makes the file say something else, or makes it.</summary>
    /// <exception cref="LinuxException">It says what it said.</exception>
    public void Write(byte[] content)
    {
        Files.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!, NewDirectoryMode);
        var temporary = Path + ".sysgenid-new";
        Files.Remove(temporary);
        try
        {
            using (var file = Files.Open(temporary, Files.WriteOnly | Files.Create | Files.Exclusive | Files.NoFollow, NewFileMode))
            {
                // The owner first: changing it takes permission bits away.
                if (_status is { } status) Files.SetOwner(file, status.Owner, status.Group);
                Files.SetPermissions(file, _status?.Permissions ?? NewFileMode);
                Files.Write(file, content);
                Files.Flush(file);
            }

            Files.Rename(temporary, Path);
        }
        catch
        {
            Files.Remove(temporary);
            throw;
        }

        Files.FlushName(Path);
        (_status, Content) = (Files.TryStatus(Path, out _), content);
    }

    /// <summary>Removes the file, and so many directories above it as were made for it, where they are empty.</summary>
    public void Delete(int directories)
    {
        Files.Remove(Path);
        Files.FlushName(Path);
        (_status, Content) = (null, []);
        RemoveEmpty(System.IO.Path.GetDirectoryName(Path), directories);
    }

    public static int CountMissing(string? directory)
    {
        var count = 0;
        for (; directory is not null && !Directory.Exists(directory); directory = System.IO.Path.GetDirectoryName(directory)) count++;
        return count;
    }

    public static void RemoveEmpty(string? directory, int levels)
    {
        for (; levels > 0 && directory is not null && Files.TryRemoveDirectory(directory); levels--)
        {
            directory = System.IO.Path.GetDirectoryName(directory);
        }
    }
}
