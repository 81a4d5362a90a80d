using System.Collections.Immutable;
using System.Text.Json;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;

namespace SysGenId.Operator.Cluster;

/// <summary>
/// Keeps a copy of the selected objects of a kind, by a list in pages and a watch from there on. Whatever happens to the
/// connection it goes on: a watch that ended is resumed where it was, one that is too old (410) begins with a new list, and
/// between any two attempts it waits, longer each time, until a watch has lived for a while.
/// </summary>
/// <remarks>
/// Reading the copy is thread-safe. Objects in it are shared: they must not be changed. Their managed fields are left out,
/// as they are most of an object and nobody here reads them.
/// </remarks>
internal sealed class ObjectWatch<T>
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    /// <summary>The server ends a watch after so long, or up to twice that; a quiet one is known to be alive that often.</summary>
    private static readonly TimeSpan WatchDuration = TimeSpan.FromMinutes(5);

    /// <summary>How long the end that was asked for may be late before the connection is held for dead.</summary>
    private static readonly TimeSpan WatchGrace = TimeSpan.FromSeconds(30);

    /// <summary>A watch that lived so long was a good one: the next attempt need not wait long.</summary>
    private static readonly TimeSpan GoodWatch = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private readonly ClusterConnection _cluster;
    private readonly ObjectSelection _selection;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly Random _chance;
    private readonly BackOff _backOff;
    private readonly TaskCompletionSource _synced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ImmutableDictionary<string, T> _objects = ImmutableDictionary<string, T>.Empty;
    private string? _resourceVersion;

    public ObjectWatch(ClusterConnection cluster, ObjectSelection selection, TimeProvider clock, Random chance, ILogger log)
    {
        (_cluster, _selection, _clock, _chance, _log) = (cluster, selection, clock, chance, log);
        _backOff = new BackOff(FirstWait, LongestWait, clock, chance);
    }

    /// <summary>
    /// Raised for every change, one after the other, after <see cref="Objects"/> shows it; never under a lock. What a handler
    /// throws is logged. Blocks the watch: hand long work to somebody else.
    /// </summary>
    public event Action<ObjectChange<T>>? Changed;

    /// <summary>The copy as it is now, by name or namespace/name; a snapshot that never changes.</summary>
    public IReadOnlyDictionary<string, T> Objects => Volatile.Read(ref _objects);

    /// <summary>Whether the copy was complete once. It stays true while the server is away.</summary>
    public bool IsSynced => _synced.Task.IsCompletedSuccessfully;

    /// <summary>Completes when the first list is in the copy and its changes have been raised.</summary>
    public Task Synced => _synced.Task;

    /// <summary>The key of an object in the copy.</summary>
    public static string KeyOf(V1ObjectMeta metadata) =>
        string.IsNullOrEmpty(metadata.NamespaceProperty) ? metadata.Name : $"{metadata.NamespaceProperty}/{metadata.Name}";

    /// <summary>Runs until the token is cancelled; then it returns, with no exception. Call it once.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            var fault = await AttemptAsync(cancellation).ConfigureAwait(false);
            if (cancellation.IsCancellationRequested) return;
            if (fault is { IsExpired: true })
            {
                _log.WatchExpired(ResourceAddress.Plural<T>(), fault.Message);
                _resourceVersion = null;
            }
            else if (fault is not null)
            {
                _log.WatchInterrupted(ResourceAddress.Plural<T>(), fault.Reason, fault.Message);
            }

            await _backOff.WaitAsync(fault?.RetryAfter, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Lists where it must and watches until the watch ends; returns what ended it, null: it ended in good order.</summary>
    private async Task<ApiFault?> AttemptAsync(CancellationToken cancellation)
    {
        try
        {
            if (_resourceVersion is null) await ListAsync(cancellation).ConfigureAwait(false);
            return await WatchAsync(cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (ApiFault.Of(e, cancellation) is { } fault)
        {
            return fault;
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or ArgumentException)
        {
            // What we cannot read, we must not step over: the copy would miss it for ever.
            _resourceVersion = null;
            return new ApiFault(null, "Unreadable", $"The API server sent something that cannot be read: {e.Message}", null);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private async Task ListAsync(CancellationToken cancellation)
    {
        var listed = ImmutableDictionary.CreateBuilder<string, T>();
        var query = $"?limit={_selection.PageSize}{_selection.Query()}";
        string? more = null;
        ObjectPage<T> page;
        do
        {
            var path = ResourceAddress.Collection<T>(_selection.Namespace) + query + (more is null ? "" : $"&continue={Uri.EscapeDataString(more)}");
            page = await _cluster.SendAsync<ObjectPage<T>>(HttpMethod.Get, path, null, cancellation).ConfigureAwait(false);
            foreach (var item in page.Items.Select(Slim)) listed[KeyOf(item.Metadata)] = item;
            more = page.Metadata.ContinueProperty;
        }
        while (!string.IsNullOrEmpty(more));

        var before = _objects;
        Volatile.Write(ref _objects, listed.ToImmutable());
        _resourceVersion = page.Metadata.ResourceVersion;
        RaiseDifferences(before, _objects);
        _synced.TrySetResult();
    }

    private async Task<ApiFault?> WatchAsync(CancellationToken cancellation)
    {
        var start = _clock.GetTimestamp();
        var duration = WatchDuration * (1 + _chance.NextDouble());
        using var silence = new CancellationTokenSource(_cluster.HttpClientTimeout, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, silence.Token);
        try
        {
            var path = $"{ResourceAddress.Collection<T>(_selection.Namespace)}?watch=true&allowWatchBookmarks=true&resourceVersion={_resourceVersion}"
                + $"&timeoutSeconds={duration.TotalSeconds:0}{_selection.Query()}";
            using var response = await _cluster.SendAsync(HttpMethod.Get, path, null, either.Token).ConfigureAwait(false);
            silence.CancelAfter(duration + WatchGrace);
            using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(either.Token).ConfigureAwait(false));
            while (await lines.ReadLineAsync(either.Token).ConfigureAwait(false) is { } line)
            {
                if (Apply(KubernetesJson.Deserialize<WatchEvent?>(line) ?? throw new FormatException("an empty event")) is { } fault) return fault;
            }

            return null;
        }
        finally
        {
            if (_clock.GetElapsedTime(start) >= GoodWatch) _backOff.Reset();
        }
    }

    private ApiFault? Apply(WatchEvent line)
    {
        if (line.Type == WatchEvent.Error)
        {
            // Whatever it says, the server knows no more of what we have seen.
            _resourceVersion = null;
            return ApiFault.Of(KubernetesJson.Deserialize<V1Status>(line.Object));
        }

        var item = KubernetesJson.Deserialize<T>(line.Object);
        if (string.IsNullOrEmpty(item?.Metadata?.ResourceVersion)) throw new FormatException("an object without a resource version");
        if (line.Type != WatchEvent.Bookmark) Apply(line.Type, Slim(item));
        _resourceVersion = item.Metadata.ResourceVersion;
        return null;
    }

    private void Apply(string type, T item)
    {
        var key = KeyOf(item.Metadata);
        var isKnown = _objects.ContainsKey(key);
        if (type == WatchEvent.Deleted)
        {
            Volatile.Write(ref _objects, _objects.Remove(key));
            if (isKnown) Raise(new(ObjectChangeKind.Removed, key, item));
            return;
        }

        Volatile.Write(ref _objects, _objects.SetItem(key, item));
        Raise(new(isKnown ? ObjectChangeKind.Modified : ObjectChangeKind.Added, key, item));
    }

    private void RaiseDifferences(ImmutableDictionary<string, T> before, ImmutableDictionary<string, T> now)
    {
        foreach (var (key, old) in before)
        {
            if (!now.TryGetValue(key, out var item) || IsAnother(old, item)) Raise(new(ObjectChangeKind.Removed, key, old));
        }

        foreach (var (key, item) in now)
        {
            if (!before.TryGetValue(key, out var old) || IsAnother(old, item)) Raise(new(ObjectChangeKind.Added, key, item));
            else if (old.Metadata.ResourceVersion != item.Metadata.ResourceVersion) Raise(new(ObjectChangeKind.Modified, key, item));
        }
    }

    private void Raise(ObjectChange<T> change)
    {
        try
        {
            Changed?.Invoke(change);
        }
#pragma warning disable CA1031 // A subscriber's bug must not end the watch of the others.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _log.WatchHandlerFailed(e, ResourceAddress.Plural<T>(), change.Key);
        }
    }

    /// <summary>Whether an object was deleted and made again under its name while nobody watched.</summary>
    private static bool IsAnother(T before, T now) => before.Metadata.Uid != now.Metadata.Uid;

    private static T Slim(T item)
    {
        if (string.IsNullOrEmpty(item?.Metadata?.Name)) throw new FormatException("an object without a name");
        item.Metadata.ManagedFields = null;
        return item;
    }
}
