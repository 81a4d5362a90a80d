using SysGenId.TestSupport;

namespace SysGenId.VirtualMachine.Tests;

/// <summary>A node in a guest, booted once, of which every test has a clone of its own.</summary>
public sealed class StandingSnapshot : IDisposable
{
    private readonly TemporaryDirectory _directory = TemporaryDirectory.OnDisk();
    private Snapshot? _snapshot;

    /// <summary>The generation id of the machine that the snapshot was taken of.</summary>
    internal static Guid GenerationId { get; } = new("5e1f0000-0000-4000-8000-000000000001");

    public void Dispose() => _directory.Dispose();

    /// <summary>Where a test may put a snapshot of its own.</summary>
    internal string File(string name) => _directory.File(name);

    internal async Task<Snapshot> GetAsync()
    {
        Requires.VirtualMachineTools();
        if (_snapshot is not null)
            return _snapshot;
        await using var node = await NodeInGuest.BootAsync(await GuestImage.BuildAsync(), GenerationId);
        return _snapshot = await node.Guest.EndInSnapshotAsync(_directory.File("standing"));
    }
}
