using System.Runtime.InteropServices;
using SysGenId.Core.Linux;

namespace SysGenId.Operator.Node.Sources.HostDevice;

/// <summary>
/// <c>/dev/sysgenid</c> of a kernel that has the driver (Adrian Catangiu, "System Generation ID driver", versions 1 to 8 of
/// the patch, 2021; Amazon's kernels). Its words are in the machine's byte order.
/// </summary>
internal sealed unsafe class HostDevice : IHostDevice
{
    private readonly Descriptor _file;
    private readonly SharedPage? _page;

    private HostDevice(Descriptor file)
    {
        _file = file;

        // Its last versions count only those as watchers who ask for it, and whoever restores the machine waits for
        // watchers: the agent's ack stands for the pods of the node. A driver that counts everybody refuses, or answers
        // something else that changes nothing.
        GenerationDevice.TryTrack(file);
        _page = SharedPage.TryMap(file, sizeof(uint), out _);
    }

    public Descriptor Watcher => _file;

    public uint? Current => _page is null ? null : Volatile.Read(ref *(uint*)_page.Start);

    /// <summary>Opens one, or says why not.</summary>
    public static (IHostDevice? Device, Errno Error) Open(string path)
    {
        var file = Files.TryOpen(path, Files.ReadWrite | Files.NonBlocking | Files.NoControllingTerminal, 0, out var error);
        return (file is null ? null : new HostDevice(file), error);
    }

    public DeviceAnswer Read()
    {
        Span<byte> word = stackalloc byte[sizeof(uint)];
        var count = Files.TryRead(_file, word, out var error);
        if (count == word.Length) return new DeviceAnswer(DeviceAnswerKind.Accepted) { Generation = MemoryMarshal.Read<uint>(word) };
        if (error == Errno.EAGAIN) return new DeviceAnswer(DeviceAnswerKind.UpToDate);
        return DeviceAnswer.Broken(count < 0 ? $"cannot be read ({error})" : $"gave {count} bytes instead of {word.Length}");
    }

    public DeviceAnswer Acknowledge(uint generation)
    {
        var count = Files.TryWrite(_file, MemoryMarshal.AsBytes(new ReadOnlySpan<uint>(in generation)), out var error);
        if (count == sizeof(uint)) return new DeviceAnswer(DeviceAnswerKind.Accepted);
        if (error == Errno.EINVAL) return new DeviceAnswer(DeviceAnswerKind.MovedOn);
        return DeviceAnswer.Broken(count < 0 ? $"takes no ack ({error})" : $"took {count} bytes of an ack");
    }

    public void Dispose()
    {
        _page?.Dispose();
        _file.Dispose();
    }
}
