using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using SysGenId.Client;
using SysGenId.Client.Tests.Fixture;
using SysGenId.Core.Protocol;
using SysGenId.TestSupport;

namespace SysGenId.Extensions.Hosting.Tests;

/// <summary>A whole host over a real sidecar process, which counts its watcher.</summary>
public sealed class HostTests
{
    private static readonly CancellationToken _cancelled = TestContext.Current.CancellationToken;

    [Fact]
    public async Task S09_the_sidecar_counts_the_application_as_outdated_until_its_last_handler_has_succeeded()
    {
        await using var sidecar = await SidecarUnderTest.AtAsync(4);
        var last = new TaskCompletionSource();
        var first = 0;
        using var host = await StartAsync(sidecar, services => services
            .AddRuntimeReset()
            .AddGenerationChangeHandler("first", (_, _, _) =>
            {
                first++;
                return ValueTask.CompletedTask;
            })
            .AddGenerationChangeHandler("last", (_, _, _) => new ValueTask(last.Task)));
        await sidecar.CountsAsync(watchers: 1, outdated: 0);

        sidecar.Agent.Deliver(5);
        await Eventually.HoldsAsync(() => first == 1);
        Assert.Equal((1, 1), sidecar.Counts);

        last.SetResult();
        await sidecar.CountsAsync(watchers: 1, outdated: 0);
        Assert.Equal(5u, host.Services.GetRequiredService<GenerationWatcher>().Acknowledged);
        await host.StopAsync(_cancelled);
    }

    [Fact]
    public async Task A_change_before_the_host_has_started_is_handled_when_it_has_even_where_a_guard_is_used_meanwhile()
    {
        await using var sidecar = await SidecarUnderTest.AtAsync(4);
        var handler = new RecordingHandler("a", []);
        using var host = Build(sidecar, services => services.AddSystemGeneration().AddSingleton<IGenerationChangeHandler>(handler));
        var watcher = host.Services.GetRequiredService<GenerationWatcher>();
        using var guard = watcher.CreateGuard(generation => generation);

        sidecar.Agent.Deliver(5);
        await Eventually.HoldsAsync(() => watcher.Generation == 5);
        Assert.Equal(5u, guard.Run(generation => generation));
        Assert.Empty(handler.Changes);
        await host.StartAsync(_cancelled);

        await Eventually.HoldsAsync(() => watcher.Acknowledged == 5);
        Assert.Equal((5u, 4u, false), (handler.Changes.Single().Current.Generation, handler.Changes.Single().Handled, handler.Changes.Single().IsStart));
        await host.StopAsync(_cancelled);
    }

    [Fact]
    public async Task S11_the_watcher_is_gone_when_the_host_is_and_a_handler_that_ran_was_cancelled()
    {
        await using var sidecar = await SidecarUnderTest.AtAsync(4);
        var (began, wasCancelled) = (new TaskCompletionSource(), false);
        using (var host = await StartAsync(sidecar, services => services.AddGenerationChangeHandler("slow", async (_, _, token) =>
        {
            began.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token).ContinueWith(_ => wasCancelled = true, TaskScheduler.Default);
        })))
        {
            sidecar.Agent.Deliver(5);
            await began.Task.WaitAsync(Eventually.Patience, TimeProvider.System, _cancelled);
            await host.StopAsync(_cancelled);
            Assert.True(wasCancelled);
        }

        await sidecar.CountsAsync(watchers: 0, outdated: 0);
    }

    [Fact]
    public async Task Handlers_run_before_the_host_has_started_where_that_is_asked_for()
    {
        await using var sidecar = await SidecarUnderTest.AtAsync(4);
        var handler = new RecordingHandler("a", []);
        using var host = await StartAsync(sidecar, services => services
            .AddSystemGeneration(options => options.RunHandlersAtStart = true).AddSingleton<IGenerationChangeHandler>(handler));
        Assert.Equal((4u, true), (handler.Changes.Single().Current.Generation, handler.Changes.Single().IsStart));
        await host.StopAsync(_cancelled);
    }

    [Fact]
    public async Task A_handler_that_fails_at_the_start_fails_the_start()
    {
        await using var sidecar = await SidecarUnderTest.AtAsync(4);
        using var host = Build(sidecar, services => services
            .AddSystemGeneration(options => options.RunHandlersAtStart = true)
            .AddGenerationChangeHandler("broken", (_, _, _) => throw new InvalidOperationException("no vault")));
        Assert.Equal("no vault", (await Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync(_cancelled))).Message);
    }

    [Fact]
    public async Task The_host_stops_when_a_handler_has_failed_as_often_as_it_may()
    {
        await using var sidecar = await SidecarUnderTest.AtAsync(4);
        using var host = await StartAsync(sidecar, services => services
            .AddSystemGeneration(options => options.MaximumAttempts = 1)
            .AddGenerationChangeHandler("broken", (_, _, _) => throw new InvalidOperationException("no vault")));
        sidecar.Agent.Deliver(5);
        await host.WaitForShutdownAsync(_cancelled).WaitAsync(Eventually.Patience, TimeProvider.System, _cancelled);
        Assert.NotEqual(5u, host.Services.GetRequiredService<GenerationWatcher>().Acknowledged);
    }

    [Fact]
    public async Task The_health_check_tells_what_the_real_sidecar_says()
    {
        await using var sidecar = await SidecarUnderTest.AtAsync(4);
        using var host = await StartAsync(sidecar, services => services.AddHealthChecks().AddSystemGeneration(tags: ["ready"]));
        var check = host.Services.GetRequiredService<HealthCheckService>();
        Assert.Equal("gate-unproven", (await CheckAsync()).Data["reasons"]);

        sidecar.Agent.Send(new Message { Op = Operation.Gate, GateProven = true });
        await Eventually.HoldsAsync(async () => (await CheckAsync()).Status == HealthStatus.Healthy);

        sidecar.Agent.Dispose();
        await Eventually.HoldsAsync(async () => (await CheckAsync()).Data.GetValueOrDefault("reasons") is "agent-disconnected");
        await host.StopAsync(_cancelled);

        async Task<HealthReportEntry> CheckAsync() => (await check.CheckHealthAsync(_cancelled)).Entries[SystemGenerationHealthChecks.DefaultName];
    }

    [Fact]
    public async Task Where_nothing_is_mounted_the_host_does_not_start_and_says_why()
    {
        using var empty = new TemporaryDirectory();
        using var host = Build(new GenerationWatcherOptions { Directory = empty.Path }, services => services.AddSystemGeneration());
        var failure = await Assert.ThrowsAsync<SystemGenerationUnavailableException>(() => host.StartAsync(_cancelled));
        Assert.Contains(empty.Path, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_nothing_is_mounted_and_that_is_expected_the_host_runs_degraded()
    {
        using var empty = new TemporaryDirectory();
        var unavailable = new GenerationWatcherOptions { Directory = empty.Path, WhenUnavailable = UnavailableBehavior.GenerationZero };
        using var host = Build(unavailable, services => services.AddHealthChecks().AddSystemGeneration());
        await host.StartAsync(_cancelled);
        var entry = (await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(_cancelled)).Entries.Single().Value;
        Assert.Equal((HealthStatus.Degraded, "unavailable"), (entry.Status, entry.Data["reasons"]));
        await host.StopAsync(_cancelled);
    }

    [Fact]
    public async Task All_faults_of_the_options_are_told_at_once_and_before_anything_is_opened()
    {
        using var empty = new TemporaryDirectory();
        using var host = Build(new GenerationWatcherOptions { Directory = empty.Path }, services => services.AddSystemGeneration(options =>
            (options.RetryDelay, options.MaximumRetryDelay, options.MaximumAttempts) = (TimeSpan.Zero, TimeSpan.FromDays(1), -1)));
        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(_cancelled));
        Assert.Equal(
            "RetryDelay must be 1 millisecond to 1 hour; MaximumRetryDelay must be RetryDelay to 1 hour; MaximumAttempts must be 0 to 1000000",
            failure.Message);
    }

    [Fact]
    public void A_type_that_is_added_twice_runs_once_and_is_the_one_that_is_injected()
    {
        using var provider = new ServiceCollection().AddLogging()
            .AddRuntimeReset().AddRuntimeReset().AddGenerationChangeHandler<RuntimeResetHandler>().BuildServiceProvider();
        Assert.Same(provider.GetRequiredService<RuntimeResetHandler>(), Assert.Single(provider.GetServices<IGenerationChangeHandler>()));
    }

    private static async Task<IHost> StartAsync(SidecarUnderTest sidecar, Action<IServiceCollection> configure)
    {
        var host = Build(sidecar, configure);
        await host.StartAsync(_cancelled);
        return host;
    }

    private static IHost Build(SidecarUnderTest sidecar, Action<IServiceCollection> configure) => Build(sidecar.Options, configure);

    private static IHost Build(GenerationWatcherOptions watcher, Action<IServiceCollection> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        configure(builder.Services);
        builder.Services.AddSystemGeneration(options => options.Watcher = watcher);
        return builder.Build();
    }
}
