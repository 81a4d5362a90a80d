using k8s;
using k8s.Models;
using SysGenId.Cluster.Tests.Harness;
using SysGenId.Operator.Cluster;
using SysGenId.TestSupport;

namespace SysGenId.Cluster.Tests.Plumbing;

/// <summary>The watched copy of objects against a real API server that does what servers do to clients.</summary>
public sealed class WatchTests(FaultyCluster fixture) : IClassFixture<FaultyCluster>, IAsyncLifetime
{
    private readonly string _shop = $"shop-{Guid.NewGuid():N}"[..12];

    private TestCluster Cluster => fixture.Cluster;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await Cluster.NamespaceAsync(_shop);

    public async ValueTask DisposeAsync() => await Cluster.Faults.ClearAsync();

    [Fact]
    public async Task What_is_there_is_listed_and_what_changes_is_followed()
    {
        await PutAsync("one", "1");
        await using var watch = Watch(out _);
        await watch.SyncedAsync();
        Assert.Equal([$"Added {_shop}/one"], watch.Changes);

        await PutAsync("two", "1");
        await PutAsync("one", "2");
        await DeleteAsync("two");

        await Eventually.HoldsAsync(() => watch.Changes.Count == 4);
        Assert.Equal([$"Added {_shop}/two", $"Modified {_shop}/one", $"Removed {_shop}/two"], watch.Changes.Skip(1));
        Assert.Equal("2", watch.Objects[$"{_shop}/one"].Data["value"]);
        Assert.Null(watch.Objects[$"{_shop}/one"].Metadata.ManagedFields);
    }

    [Fact]
    public async Task A_long_list_comes_in_pages()
    {
        for (var i = 0; i < 5; i++) await PutAsync($"item-{i}", "1");

        await using var watch = Watch(out var requests, new ObjectSelection { PageSize = 2 });
        await watch.SyncedAsync();

        Assert.Equal(5, watch.Objects.Count);
        Assert.Equal(3, requests.Lists.Count);
        Assert.All(requests.Lists, list => Assert.Contains("limit=2", list, StringComparison.Ordinal));
        Assert.All(requests.Lists.Skip(1), list => Assert.Contains("&continue=", list, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_list_whose_next_page_is_gone_begins_anew()
    {
        for (var i = 0; i < 5; i++) await PutAsync($"item-{i}", "1");
        var requests = new RequestCounter
        {
            Before = async earlier =>
            {
                if (earlier != 1) return;
                await PutAsync("item-5", "1");
                await Cluster.Faults.CompactAsync();
            },
        };

        await using var watch = Watch(requests, new ObjectSelection { PageSize = 2 });
        await watch.SyncedAsync();

        Assert.Equal(6, watch.Objects.Count);
        Assert.Equal(5, requests.Lists.Count); // Two pages of the first list, three of the second.
    }

    [Fact]
    public async Task Only_what_is_selected_is_watched()
    {
        await PutAsync("mine", "1", ("app", "a"));
        await PutAsync("other", "1", ("app", "b"));
        await using var byLabel = Watch(out _, new ObjectSelection { LabelSelector = "app=a" });
        await using var byName = Watch(out _, new ObjectSelection { Name = "other" });
        await Task.WhenAll(byLabel.SyncedAsync(), byName.SyncedAsync());
        Assert.Equal(($"{_shop}/mine", $"{_shop}/other"), (Assert.Single(byLabel.Keys), Assert.Single(byName.Keys)));

        await PutAsync("mine", "1", ("app", "b"));

        await Eventually.HoldsAsync(() => byLabel.Changes[^1] == $"Removed {_shop}/mine");
        Assert.Empty(byLabel.Objects);
    }

    [Fact]
    public async Task A_watch_that_was_ended_goes_on_where_it_was()
    {
        await PutAsync("one", "1");
        await using var watch = Watch(out var requests);
        await watch.SyncedAsync();
        await Eventually.HoldsAsync(() => requests.Watches.Count == 1);

        await Cluster.Faults.DropWatchesAsync();
        await PutAsync("two", "1");
        await DeleteAsync("one");

        await Eventually.HoldsAsync(() => watch.Changes.Count == 3);
        Assert.Equal([$"Added {_shop}/one", $"Added {_shop}/two", $"Removed {_shop}/one"], watch.Changes);
        Assert.Single(requests.Lists);
    }

    [Fact]
    public async Task A_connection_that_was_reset_is_made_again_and_nothing_is_missed()
    {
        await using var watch = Watch(out var requests);
        await watch.SyncedAsync();

        for (var i = 0; i < 3; i++)
        {
            await Cluster.Faults.DropConnectionsAsync();
            await PutAsync($"item-{i}", "1");
            await Eventually.HoldsAsync(() => watch.Objects.Count == i + 1);
        }

        Assert.Single(requests.Lists);
        await Eventually.HoldsAsync(() => watch.Changes.Count == 3);
    }

    [Fact]
    public async Task A_resource_version_that_is_forgotten_leads_to_a_new_list_with_all_that_happened()
    {
        await PutAsync("stays", "1");
        await PutAsync("changes", "1");
        await PutAsync("goes", "1");
        var isWritten = new TaskCompletionSource();
        // The second watch, after a list and the first, begins when all is written.
        var requests = new RequestCounter { Before = earlier => earlier == 2 ? isWritten.Task : Task.CompletedTask };
        await using var watch = Watch(requests);
        await watch.SyncedAsync();
        await PutAsync("is-made-anew", "1");
        await Eventually.HoldsAsync(() => watch.Changes.Count == 4);

        await Cluster.Faults.DropWatchesAsync();
        await PutAsync("changes", "2");
        await DeleteAsync("goes");
        await DeleteAsync("is-made-anew");
        await PutAsync("is-made-anew", "2");
        await PutAsync("comes", "1");
        await FailAsync(new FaultRule { Verb = "watch", Status = 410 });
        isWritten.SetResult();

        await Eventually.HoldsAsync(() => watch.Changes.Count == 9);
        Assert.Equal(
            ["Added comes", "Added is-made-anew", "Modified changes", "Removed goes", "Removed is-made-anew"],
            watch.Changes.Skip(4).Select(change => change.Replace($"{_shop}/", "", StringComparison.Ordinal)).Order());
        Assert.Equal(2, requests.Lists.Count);
    }

    [Fact]
    public async Task After_a_compaction_the_server_itself_says_that_a_watch_is_too_old()
    {
        await using var watch = Watch(out var requests);
        await watch.SyncedAsync();
        await Eventually.HoldsAsync(() => requests.Watches.Count == 1);
        await FailAsync(new FaultRule { Verb = "watch", Status = 503, Count = 3 });

        await Cluster.Faults.DropWatchesAsync();
        for (var i = 0; i < 5; i++) await PutAsync($"item-{i}", "1");
        await Cluster.Faults.CompactAsync();

        await Eventually.HoldsAsync(() => watch.Changes.Count == 5);
        Assert.InRange(requests.Lists.Count, 1, 2);
        Assert.Equal(5, watch.Objects.Count);
    }

    [Fact]
    public async Task Who_is_asked_to_come_back_later_comes_back_later()
    {
        await FailAsync(new FaultRule { Verb = "list", Status = 429, RetryAfter = 2 });

        await using var watch = Watch(out var requests);
        await watch.SyncedAsync();

        Assert.Equal(2, requests.Lists.Count);
        Assert.True(requests.Gaps[0] >= TimeSpan.FromSeconds(2), $"came back after {requests.Gaps[0]}");
    }

    [Fact]
    public async Task A_server_that_is_ill_is_asked_less_and_less_often()
    {
        await FailAsync(new FaultRule { Status = 503, Count = 4 });

        await using var watch = Watch(out var requests);
        await watch.SyncedAsync();

        Assert.Equal(5, requests.Lists.Count);
        // 0.25 to 0.5 s, then 0.5 to 1, 1 to 2, 2 to 4.
        Assert.All(requests.Gaps.Take(4).Select((gap, index) => (gap, index)), wait => Assert.True(wait.gap >= TimeSpan.FromSeconds(0.25) * Math.Pow(2, wait.index)));
    }

    [Fact]
    public async Task A_slow_server_is_waited_for()
    {
        await PutAsync("one", "1");
        await FailAsync(new FaultRule { Delay = "700ms", Count = 2 });

        await using var watch = Watch(out var requests);
        await watch.SyncedAsync();
        await PutAsync("two", "1");

        await Eventually.HoldsAsync(() => watch.Objects.Count == 2);
        Assert.Single(requests.Lists);
    }

    [Fact]
    public async Task A_server_that_is_too_slow_is_asked_again()
    {
        await PutAsync("one", "1");
        await FailAsync(new FaultRule { Verb = "list", Delay = "30s", Count = 1 });

        await using var watch = Watch(out var requests, timeout: TimeSpan.FromSeconds(5));
        await watch.SyncedAsync();

        Assert.Single(watch.Keys);
        Assert.Equal(2, requests.Lists.Count);
    }

    [Fact]
    public async Task An_answer_that_breaks_off_is_asked_for_again()
    {
        await PutAsync("one", "1");
        await FailAsync(new FaultRule { Drop = true, Count = 2 });

        await using var watch = Watch(out _);
        await watch.SyncedAsync();

        Assert.Single(watch.Keys);
    }

    [Fact]
    public async Task A_quiet_watch_asks_for_nothing()
    {
        await using var watch = Watch(out var requests);
        await watch.SyncedAsync();
        await using var other = Watch(out _);
        await other.SyncedAsync();

        // Time passes here for as long as it takes another watch to see twenty changes of another namespace's objects.
        for (var i = 0; i < 20; i++) await PutAsync("busy", $"{i}");
        await Eventually.HoldsAsync(() => watch.Changes.Count == 20 && other.Changes.Count == 20);

        Assert.Equal(2, requests.Requests.Count);
    }

    [Fact]
    public async Task A_thousand_objects_are_copied_and_followed()
    {
        await Parallel.ForAsync(0, 1000, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Cancellation }, async (i, _) =>
            await Cluster.Admin.CoreV1.CreateNamespacedConfigMapAsync(ConfigMap($"item-{i:000}", "1"), _shop, cancellationToken: Cancellation));

        await using var watch = Watch(out var requests);
        await watch.SyncedAsync();

        Assert.Equal(1000, watch.Objects.Count);
        Assert.Equal(2, requests.Lists.Count);
    }

    private RunningWatch<V1ConfigMap> Watch(out RequestCounter requests, ObjectSelection? selection = null, TimeSpan? timeout = null)
    {
        requests = new RequestCounter();
        return Watch(requests, selection, timeout);
    }

    private RunningWatch<V1ConfigMap> Watch(RequestCounter requests, ObjectSelection? selection = null, TimeSpan? timeout = null)
    {
        var options = new ClusterOptions { Kubeconfig = Cluster.Kubeconfig, Context = FaultyCluster.Tester, RequestTimeout = timeout ?? new ClusterOptions().RequestTimeout };
        return new RunningWatch<V1ConfigMap>(Cluster.Open(options, requests), (selection ?? new()) with { Namespace = _shop });
    }

    // What another test has asked for, and did not wait for, takes no rule of this one.
    private Task FailAsync(FaultRule rule) => Cluster.Faults.AddAsync(rule with { User = FaultyCluster.Tester, Namespace = _shop });

    private Task<V1ConfigMap> PutAsync(string name, string value, params (string Key, string Value)[] labels) =>
        Cluster.Admin.ApplyAsync(ConfigMap(name, value, labels), "tests", Cancellation);

    private V1ConfigMap ConfigMap(string name, string value, params (string Key, string Value)[] labels) => new()
    {
        Metadata = new() { Name = name, NamespaceProperty = _shop, Labels = labels.ToDictionary(label => label.Key, label => label.Value) },
        Data = new Dictionary<string, string> { ["value"] = value },
    };

    private Task<V1Status> DeleteAsync(string name) => Cluster.Admin.CoreV1.DeleteNamespacedConfigMapAsync(name, _shop, cancellationToken: Cancellation);
}
