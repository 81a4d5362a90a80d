using System.IO.Pipes;
using System.Text;
using SysGenId.Core.Linux;
using Xunit;

namespace SysGenId.TestSupport;

/// <summary>One end of a pipe that is passed on; the other end tells when nobody has it any more.</summary>
internal sealed class PassedDescriptor : IDisposable
{
    private readonly AnonymousPipeServerStream _pipe = new(PipeDirection.In);
    private readonly string _name;

    public PassedDescriptor() => _name = File.ResolveLinkTarget($"/proc/self/fd/{Number}", false)!.Name;

    private int Number => (int)_pipe.ClientSafePipeHandle.DangerousGetHandle();

    /// <summary>Its number, so many times.</summary>
    public int[] Numbers(int count) => [.. Enumerable.Repeat(Number, count)];

    /// <summary>Sends a line, or a part of one, with so many copies.</summary>
    public void Send(Descriptor socket, string text, int count) =>
        Assert.Equal(text.Length, DescriptorMessage.Send(socket, Encoding.UTF8.GetBytes(text), Numbers(count), out _));

    /// <summary>How many descriptors of this process lead to the pipe, beside the two of this object.</summary>
    public int OpenCopies() => Directory.GetFiles("/proc/self/fd").Count(LeadsHere) - 2;

    /// <summary>Waits until no copy is left.</summary>
    public async Task IsClosedAsync()
    {
        await Eventually.HoldsAsync(() => OpenCopies() == 0, what: "all copies are closed");
        _pipe.DisposeLocalCopyOfClientHandle();
        Assert.Equal(-1, await Task.Run(_pipe.ReadByte).WaitAsync(Eventually.Patience, TimeProvider.System));
    }

    public void Dispose() => _pipe.Dispose();

    private bool LeadsHere(string descriptor)
    {
        try
        {
            return File.ResolveLinkTarget(descriptor, false)?.Name == _name;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
