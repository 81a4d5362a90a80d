using SysGenId.Core;
using SysGenId.Core.CounterPage;
using SysGenId.Core.Generations;
using SysGenId.Core.Linux;
using SysGenId.Core.Watchers;

namespace SysGenId.Sidecar.Generations;

/// <summary>
/// The pod's own generation: its registry of watchers and its page, which never say different things. The pod's
/// sequence is its own, strictly increasing one (S28). Loop thread only.
/// </summary>
internal sealed class PodGeneration
{
    private readonly CounterPageWriter _page;
    private readonly TimeProvider _clock;
    private PageFlags _flags;

    /// <param name="page">Recovered; the generation goes on from what it says (S02).</param>
    /// <param name="clock">The wall clock for bumps forced here.</param>
    public PodGeneration(CounterPageWriter page, TimeProvider clock)
    {
        (_page, _clock) = (page, clock);
        Registry = new WatcherRegistry(page.Content.Generation);
        LastDelivered = page.Content.Id;
    }

    /// <summary>The page shows a new generation; called before anything else is told of it.</summary>
    public event Action? Published;

    /// <summary>Watchers came, went or acked, or the generation was forced here.</summary>
    public event Action? Changed;

    public WatcherRegistry Registry { get; }

    /// <summary>What the page says.</summary>
    public PageContent Content => _page.Content;

    /// <summary>The last change that came from the node: what the agent is told, as it cannot know of changes forced here.</summary>
    public Guid LastDelivered { get; private set; }

    /// <summary>Publishes a change of the node's generation, once.</summary>
    public DeliveryOutcome Deliver(in Delivery delivery)
    {
        // The same change may come again with a minimum that is meant for this pod alone.
        var isKnown = _page.IsPublished && delivery.Id == LastDelivered;
        if (isKnown && delivery.Minimum <= Registry.Generation) return DeliveryOutcome.AlreadyPublished;

        // A page that never showed anything takes the node's generation as it is; one that did moves by at least one.
        var target = Math.Max(delivery.Generation, delivery.Minimum);
        var isAdopted = !_page.IsPublished && target <= Registry.Generation;
        if (!isAdopted && !Registry.TryBump(target)) return DeliveryOutcome.Exhausted;
        LastDelivered = delivery.Id;
        Publish(delivery.Id, delivery.Cause, delivery.TimeNs);
        return DeliveryOutcome.Published;
    }

    /// <summary>Raises this pod's generation alone (S13, S28). False, and nothing changes, when the last number is reached.</summary>
    public bool TryForce(uint minimum)
    {
        if (!Registry.TryBump(minimum)) return false;
        Publish(KernelRandom.NextId(), GenerationCause.Forced, _clock.UnixNanoseconds());
        Changed?.Invoke();
        return true;
    }

    /// <summary>Sets or clears flags of the page.</summary>
    public void SetFlags(PageFlags flags, bool on)
    {
        _flags = on ? _flags | flags : _flags & ~flags;
        UpdatePage();
    }

    /// <summary>Shows the registry's counts after watchers came, went or acked (S16).</summary>
    public void Recount()
    {
        UpdatePage();
        Changed?.Invoke();
    }

    private void Publish(Guid id, GenerationCause cause, long timeNs)
    {
        var counts = Registry.Counts;
        _page.Publish(new PageContent(counts.Generation, id, timeNs, cause, _flags, counts.Watchers, counts.Outdated));
        Published?.Invoke();
    }

    private void UpdatePage()
    {
        var counts = Registry.Counts;
        _page.Update(_flags, counts.Watchers, counts.Outdated);
    }
}
