namespace SysGenId.VirtualMachine.Tests;

/// <summary>A test with machines, one at a time; when it fails it shows what the last of them had to say.</summary>
public abstract class VirtualMachineTest : IAsyncLifetime
{
    private readonly StandingSnapshot _standing;
    private NodeInGuest? _node;

    protected VirtualMachineTest(StandingSnapshot standing) => _standing = standing;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_node is not null && TestContext.Current.TestState?.Result == TestResult.Failed)
            TestContext.Current.TestOutputHelper?.WriteLine(await _node.EvidenceAsync());
        await EndAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>The standing machine goes on as if nothing had happened: same memory, same generation id.</summary>
    private protected Task<NodeInGuest> ResumeAsync() => ResumeAsync(StandingSnapshot.GenerationId);

    /// <summary>The standing machine goes on as another one.</summary>
    private protected Task<NodeInGuest> CloneAsync() => ResumeAsync(Guid.NewGuid());

    /// <summary>The machine that runs is stopped, and goes on as another one.</summary>
    private protected async Task<NodeInGuest> CloneOfRunningAsync()
    {
        var snapshot = await _node!.Guest.EndInSnapshotAsync(_standing.File("running"));
        await EndAsync();
        return _node = await NodeInGuest.ResumeAsync(snapshot, Guid.NewGuid());
    }

    private async Task<NodeInGuest> ResumeAsync(Guid generationId)
    {
        var snapshot = await _standing.GetAsync();
        await EndAsync();
        return _node = await NodeInGuest.ResumeAsync(snapshot, generationId);
    }

    private async Task EndAsync()
    {
        if (_node is not null)
            await _node.DisposeAsync();
        _node = null;
    }
}
