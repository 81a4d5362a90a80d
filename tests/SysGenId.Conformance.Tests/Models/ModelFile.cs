using System.Runtime.InteropServices;
using SysGenId.Conformance.Tests.Interfaces;
using SysGenId.TestSupport;

namespace SysGenId.Conformance.Tests.Models;

/// <summary>A watcher with the lengths of a file's reads and writes around it.</summary>
internal sealed class ModelFile(IWatcherHandle watcher) : IBlockingHandle, IByteHandle
{
    private const int WordLength = sizeof(uint);

    public Task<ReadResult> TryReadAsync() => watcher.TryReadAsync();

    public Task<ReadResult> TryReadAsync(int length) => length switch
    {
        0 => Task.FromResult(new ReadResult(Outcome.Success)),
        < WordLength => Task.FromResult(new ReadResult(Outcome.Invalid)),
        _ => watcher.TryReadAsync(),
    };

    public async Task<ReadResult> ReadAsync(CancellationToken interruption)
    {
        var read = ReadResult.WouldBlock;
        await Eventually.HoldsAsync(async () => interruption.IsCancellationRequested || (read = await watcher.TryReadAsync()) != ReadResult.WouldBlock);
        return interruption.IsCancellationRequested ? new ReadResult(Outcome.Interrupted) : read;
    }

    public Task<Outcome> AcknowledgeAsync(uint generation) => WriteAsync(BitConverter.GetBytes(generation));

    public Task<Outcome> WriteAsync(ReadOnlyMemory<byte> bytes) => bytes.Length == WordLength
        ? watcher.AcknowledgeAsync(MemoryMarshal.Read<uint>(bytes.Span))
        : Task.FromResult(Outcome.Invalid);

    public Task<bool> IsReadableAsync() => watcher.IsReadableAsync();

    public Task<Outcome> WaitForWatchersAsync(TimeSpan timeout) => watcher.WaitForWatchersAsync(timeout);

    public ValueTask DisposeAsync() => watcher.DisposeAsync();
}
