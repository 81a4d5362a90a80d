using System.Net.Sockets;
using SysGenId.TestSupport;

namespace SysGenId.Checkpoint.Tests;

/// <summary>One watcher as its server sees it: words of 4 bytes each way.</summary>
internal sealed class FakeWatchConnection(Socket socket) : IDisposable
{
    public async Task SendAsync(uint word) =>
        await socket.SendAsync(BitConverter.GetBytes(word), TestContext.Current.CancellationToken);

    public async Task<uint> ReceiveAsync()
    {
        var word = new byte[4];
        var received = socket.ReceiveAsync(word).WaitAsync(Eventually.Patience, TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.Equal(word.Length, await received);
        return BitConverter.ToUInt32(word);
    }

    public void Dispose() => socket.Dispose();
}
