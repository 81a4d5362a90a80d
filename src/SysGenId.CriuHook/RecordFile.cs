using SysGenId.Core.Linux;
using SysGenId.Core.Protocol;

namespace SysGenId.CriuHook;

/// <summary>The record among CRIU's images. The directory may have been carried here by anybody: nothing in it is followed.</summary>
internal static class RecordFile
{
    private const uint Mode = 0x180; // 0600, like CRIU's images

    /// <summary>More than this in its names is no record of ours; with them it would not fit into a message either.</summary>
    private const int LongestCarried = 8 * 1024;

    /// <summary>Makes the directory's record say what this one says; null: there is none.</summary>
    /// <returns>Null, or why not.</returns>
    public static string? TryReplace(string? imageDirectory, CheckpointRecord? record)
    {
        using var directory = TryOpen(imageDirectory, out var fault);
        if (directory is null) return fault;
        try
        {
            if (record is null)
            {
                directory.Remove(CheckpointRecord.FileName);
            }
            else
            {
                directory.Replace(CheckpointRecord.FileName, record.ToJson(), Mode);
            }

            return null;
        }
        catch (LinuxException failure)
        {
            return failure.Message;
        }
    }

    /// <summary>The directory's record; null when there is none, or none that can be made sense of: unknown origin.</summary>
    public static CheckpointRecord? TryRead(string? imageDirectory)
    {
        using var directory = TryOpen(imageDirectory, out _);
        if (directory?.TryReadAll(CheckpointRecord.FileName, CheckpointRecord.MaximumLength, out _) is not { } file) return null;
        var record = CheckpointRecord.TryParse(file);
        return record is null || record.ToJson().Length <= LongestCarried ? record : WithoutNames(record);
    }

    private static OpenDirectory? TryOpen(string? path, out string? fault)
    {
        fault = $"{HookCall.ImageDirectoryVariable} is not set";
        if (string.IsNullOrEmpty(path)) return null;
        var directory = OpenDirectory.TryOpen(path, out var error);
        fault = directory is null ? $"open {path}: {error}" : null;
        return directory;
    }

    private static CheckpointRecord WithoutNames(CheckpointRecord record) => new()
    {
        Generation = record.Generation,
        Id = record.Id,
        Watchers = record.Watchers,
        TimeNs = record.TimeNs,
    };
}
