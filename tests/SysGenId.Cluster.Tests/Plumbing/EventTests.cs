using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;
using SysGenId.Cluster.Tests.Harness;
using SysGenId.Operator.Cluster;
using SysGenId.TestSupport;

namespace SysGenId.Cluster.Tests.Plumbing;

/// <summary>Events as people find them.</summary>
public sealed class EventTests(FaultyCluster fixture) : IClassFixture<FaultyCluster>, IAsyncLifetime
{
    private readonly CancellationTokenSource _end = new();
    private readonly string _node = $"node-{Guid.NewGuid():N}"[..12];
    private EventRecorder _recorder = null!;
    private Task _running = Task.CompletedTask;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private TestCluster Cluster => fixture.Cluster;

    public ValueTask InitializeAsync()
    {
        _recorder = new EventRecorder(Cluster.Open(FaultyCluster.Tester), "sysgenid-agent", _node, TimeProvider.System, new Random(), NullLogger.Instance);
        _running = _recorder.RunAsync(_end.Token);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _running;
        _end.Dispose();
        await Cluster.Faults.ClearAsync();
    }

    [Fact]
    public async Task An_event_of_a_node_is_where_kubectl_describe_looks_for_it()
    {
        Record("cart-0 was restored.");

        var written = Assert.Single(await EventsAsync(count: 1));
        Assert.Equal(("default", "Normal", "ContainerRestored", "cart-0 was restored.", 1), (written.Metadata.NamespaceProperty, written.Type, written.Reason, written.Message, written.Count));
        Assert.Equal(("Node", _node, _node), (written.InvolvedObject.Kind, written.InvolvedObject.Name, written.InvolvedObject.Uid));
        Assert.Equal(("sysgenid-agent", _node), (written.Source.Component, written.Source.Host));
        Assert.Equal(written.FirstTimestamp, written.LastTimestamp);
    }

    [Fact]
    public async Task An_event_of_a_pod_is_in_the_pod_s_namespace()
    {
        await Cluster.NamespaceAsync("events");

        _recorder.Record(new ClusterEvent(EventSubject.Pod("events", _node, "some-uid"), EventSeverity.Warning, "RestoreRefused", "Not published in time."));

        await Eventually.HoldsAsync(async () => (await Cluster.Admin.CoreV1.ListNamespacedEventAsync(
            "events", fieldSelector: $"involvedObject.name={_node},type=Warning", cancellationToken: Cancellation)).Items.Count == 1);
    }

    [Fact]
    public async Task The_same_event_again_is_counted()
    {
        Record("cart-0 was restored.");
        await EventsAsync(count: 1);

        Record("cart-0 was restored.");
        Record("cart-0 was restored.");

        await Eventually.HoldsAsync(async () => Assert.Single(await EventsAsync(count: 1)).Count == 3);
    }

    [Fact]
    public async Task A_storm_of_messages_makes_a_bounded_number_of_events()
    {
        for (var i = 0; i < 200; i++) Record($"cart-{i} was restored.");

        await Eventually.HoldsAsync(async () => (await EventsAsync(count: 1)).Sum(written => written.Count) == 200);
        Assert.Equal(EventSeriesBook.MessagesOfOneReason + 1, (await EventsAsync(count: 1)).Count);
    }

    [Fact]
    public async Task An_event_that_the_server_has_forgotten_is_told_anew()
    {
        Record("cart-0 was restored.");
        var first = Assert.Single(await EventsAsync(count: 1));
        await Cluster.Admin.CoreV1.DeleteNamespacedEventAsync(first.Metadata.Name, "default", cancellationToken: Cancellation);

        Record("cart-0 was restored.");

        var again = Assert.Single(await EventsAsync(count: 1));
        Assert.NotEqual(first.Metadata.Uid, again.Metadata.Uid);
        Assert.Equal(2, again.Count);
    }

    [Fact]
    public async Task While_the_server_is_ill_events_wait()
    {
        await Cluster.Faults.AddAsync(new FaultRule { User = FaultyCluster.Tester, Resource = "events", Status = 503 });
        await Cluster.Faults.AddAsync(new FaultRule { User = FaultyCluster.Tester, Resource = "events", Drop = true });

        Record("cart-0 was restored.");

        Assert.Single(await EventsAsync(count: 1));
    }

    [Fact]
    public async Task An_event_for_a_namespace_that_is_gone_holds_up_no_other()
    {
        _recorder.Record(new ClusterEvent(EventSubject.Pod("nowhere", _node, null), EventSeverity.Normal, "ContainerRestored", "Nobody hears this."));
        Record("cart-0 was restored.");

        Assert.Equal("cart-0 was restored.", Assert.Single(await EventsAsync(count: 1)).Message);
    }

    private void Record(string message) => _recorder.Record(new ClusterEvent(EventSubject.Node(_node), EventSeverity.Normal, "ContainerRestored", message));

    /// <summary>The Events of this test's node, once there are so many.</summary>
    private async Task<IList<Corev1Event>> EventsAsync(int count)
    {
        IList<Corev1Event> found = [];
        await Eventually.HoldsAsync(async () =>
        {
            var list = await Cluster.Admin.CoreV1.ListNamespacedEventAsync("default", fieldSelector: $"involvedObject.name={_node}", cancellationToken: Cancellation);
            found = list.Items;
            return found.Count >= count;
        });
        return found;
    }
}
