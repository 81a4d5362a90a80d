using SysGenId.TestSupport;

namespace SysGenId.VirtualMachine.Tests;

/// <summary>A node in a guest, booted once, of which every test has a clone of its own.</summary>
public sealed class StandingSnapshot : IDisposable
{
    private readonly TemporaryDirectory _directory = TemporaryDirectory.OnDisk();
    private Task<Snapshot>? _snapshot;

    /// <summary>The generation id of the machine that the snapshot was taken of.</summary>
    internal static Guid GenerationId { get; } = new("5e1f0000-0000-4000-8000-000000000001");

    public void Dispose() => _directory.Dispose();

    /// <summary>Where a test may put a snapshot of its own.</summary>
    internal string File(string name) => _directory.File(name);

    internal Task<Snapshot> GetAsync()
    {
        Requires.VirtualMachineTools();
        Requires.That(GuestImage.HasRuntime, "needs the ASP.NET Core runtime beside the .NET runtime it runs on");

        // Once, also if that fails: all tests fail alike then, and none of them has to wait.
        return _snapshot ??= TakeAsync();
    }

    private async Task<Snapshot> TakeAsync()
    {
        await using var node = await NodeInGuest.BootAsync(await GuestImage.BuildAsync(), GenerationId);
        return await node.Guest.EndInSnapshotAsync(_directory.File("standing"));
    }
}
