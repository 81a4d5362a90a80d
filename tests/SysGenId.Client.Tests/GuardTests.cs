using SysGenId.Client.Tests.Fixture;

namespace SysGenId.Client.Tests;

/// <summary>The third workflow: a critical section with something that must not exist twice.</summary>
public sealed class GuardTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void The_value_is_built_with_its_first_use_and_kept()
    {
        using var page = new PageUnderTest(7);
        using var watcher = page.Open();
        var builds = new List<uint>();
        using var guard = watcher.CreateGuard(generation => { builds.Add(generation); return $"key {generation}"; });
        Assert.Empty(builds);
        Assert.Equal("key 7", guard.Run(key => key));
        Assert.Equal("key 7!", guard.Run("!", (key, end) => key + end));
        Assert.Equal([7u], builds);
    }

    [Fact]
    public void A_section_never_begins_with_a_value_of_the_past()
    {
        using var page = new PageUnderTest(7);
        using var watcher = page.Open();
        using var guard = watcher.CreateGuard(generation => generation);
        guard.Refresh();
        page.Bump();
        Assert.Equal(8u, guard.Run(value => value));
    }

    [Fact]
    public void A_section_that_the_generation_moved_under_is_run_again_and_its_result_never_leaves()
    {
        using var page = new PageUnderTest(7);
        using var watcher = page.Open();
        using var guard = watcher.CreateGuard(generation => generation);
        var runs = new List<uint>();
        var result = guard.Run(value =>
        {
            runs.Add(value);
            if (runs.Count < 3) page.Bump();
            return value;
        });
        Assert.Equal(9u, result);
        Assert.Equal([7u, 8u, 9u], runs);
    }

    [Fact]
    public async Task An_asynchronous_section_is_run_again_just_so()
    {
        using var page = new PageUnderTest(7);
        using var watcher = page.Open();
        using var guard = watcher.CreateGuard(generation => generation);
        var runs = new List<uint>();
        var result = await guard.RunAsync(
            async (value, token) =>
            {
                await Task.Yield();
                runs.Add(value);
                if (runs.Count == 1) page.Bump();
                return value;
            },
            Token);
        Assert.Equal(8u, result);
        await guard.RunAsync((value, token) => { runs.Add(value); return ValueTask.CompletedTask; }, Token);
        Assert.Equal([7u, 8u, 8u], runs);
    }

    [Fact]
    public void A_build_that_the_generation_moved_under_is_done_again()
    {
        using var page = new PageUnderTest(7);
        using var watcher = page.Open();
        var built = new List<Secret>();
        using var guard = watcher.CreateGuard(generation =>
        {
            if (built.Count == 0) page.Bump();
            built.Add(new Secret(generation));
            return built[^1];
        });
        Assert.Equal(8u, guard.Run(secret => secret.Generation));
        Assert.Equal([(7u, true), (8u, false)], built.Select(secret => (secret.Generation, secret.IsDisposed)));
    }

    [Fact]
    public void An_exception_leaves_unless_the_generation_moved()
    {
        using var page = new PageUnderTest(7);
        using var watcher = page.Open();
        using var guard = watcher.CreateGuard(generation => generation);
        Assert.Throws<FormatException>(() => guard.Run(new Func<uint, int>(_ => throw new FormatException())));

        var runs = 0;
        Assert.Equal(8u, guard.Run(value =>
        {
            if (runs++ > 0) return value;
            page.Bump();
            throw new FormatException();
        }));
    }

    [Fact]
    public void An_exception_of_a_build_leaves_and_the_next_use_builds_again()
    {
        using var page = new PageUnderTest(7);
        using var watcher = page.Open();
        var isBroken = true;
        using var guard = watcher.CreateGuard(generation => isBroken ? throw new FormatException() : generation);
        Assert.Throws<FormatException>(guard.Refresh);
        isBroken = false;
        Assert.Equal(7u, guard.Run(value => value));
    }

    [Fact]
    public async Task A_section_is_run_again_only_until_it_is_cancelled()
    {
        using var page = new PageUnderTest(7);
        using var watcher = page.Open();
        using var guard = watcher.CreateGuard(generation => generation);
        using var cancellation = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await guard.RunAsync(
            (value, token) =>
            {
                page.Bump();
                if (value == 20) cancellation.Cancel();
                return ValueTask.FromResult(value);
            },
            cancellation.Token));
    }

    [Fact]
    public void A_value_of_the_past_is_disposed_when_its_last_user_has_left()
    {
        using var page = new PageUnderTest(7);
        using var watcher = page.Open();
        var guard = watcher.CreateGuard(generation => new Secret(generation));
        Secret? first = null;
        var last = guard.Run(secret =>
        {
            if (first is not null) return secret;
            first = secret;
            page.Bump();
            Assert.Equal(8u, guard.Run(inner => inner.Generation));
            Assert.False(first.IsDisposed, "it is used still");
            return secret;
        });
        Assert.True(first!.IsDisposed);
        Assert.False(last.IsDisposed);
        guard.Dispose();
        guard.Dispose();
        Assert.True(last.IsDisposed);
        Assert.Throws<ObjectDisposedException>(() => guard.Run(secret => secret));
    }

    [Fact]
    public void A_guard_cannot_be_used_by_its_own_build()
    {
        using var page = new PageUnderTest(7);
        using var watcher = page.Open();
        Guard<uint>? guard = null;
        guard = watcher.CreateGuard(_ => guard!.Run(value => value));
        Assert.Throws<InvalidOperationException>(guard.Refresh);
    }

    [Fact]
    public void A_rebuild_acks_as_long_as_nobody_reads_the_watcher()
    {
        using var page = new PageUnderTest(7);
        using var watcher = page.Open();
        using var guard = watcher.CreateGuard(generation => generation);
        page.Bump();
        Assert.True(watcher.IsOutdated);
        guard.Refresh();
        Assert.Equal(8u, watcher.Acknowledged);

        page.Bump();
        Assert.True(watcher.TryRead(out _));
        guard.Refresh();
        Assert.Equal(8u, watcher.Acknowledged);
    }

    [Fact]
    public void While_nothing_changes_a_section_allocates_nothing()
    {
        using var page = new PageUnderTest(7);
        using var watcher = page.Open();
        using var guard = watcher.CreateGuard(generation => new Secret(generation));
        Use();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 1000; round++) Use();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Use()
        {
            guard.Run(static secret => secret.Generation);
            guard.Run(3, static (secret, state) => secret.Generation + state);
        }
    }

    [Fact]
    public async Task Many_threads_share_a_guard_and_none_gets_a_value_of_another_generation_or_a_disposed_one()
    {
        const int Bumps = 200;
        using var page = new PageUnderTest(0);
        using var watcher = page.Open();
        var building = 0;
        using var guard = watcher.CreateGuard(generation =>
        {
            Assert.Equal(1, Interlocked.Increment(ref building));
            Interlocked.Decrement(ref building);
            return new Secret(generation);
        });
        using var isOver = new CancellationTokenSource();
        var users = Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            while (!isOver.IsCancellationRequested)
            {
                var floor = watcher.Generation;
                var used = guard.Run(static secret => (secret.Generation, secret.IsDisposed));
                Assert.True(used.Generation >= floor && !used.IsDisposed, $"{used} at {floor}");
            }
        })).ToList();
        for (var bump = 0; bump < Bumps; bump++)
        {
            page.Bump();
            await Task.Yield();
        }

        await isOver.CancelAsync();
        await Task.WhenAll(users);
        Assert.Equal((uint)Bumps, guard.Run(secret => secret.Generation));
    }

    private sealed class Secret(uint generation) : IDisposable
    {
        public uint Generation { get; } = generation;

        public bool IsDisposed { get; private set; }

        public void Dispose() => IsDisposed = IsDisposed ? throw new InvalidOperationException("disposed twice") : true;
    }
}
