using Microsoft.Extensions.Diagnostics.HealthChecks;
using SysGenId.Client;
using SysGenId.Extensions.Hosting.Health;
using SysGenId.TestSupport;

namespace SysGenId.Extensions.Hosting.Tests;

/// <summary>What the health check says, and of what.</summary>
public sealed class HealthTests
{
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task An_application_that_has_handled_every_generation_is_healthy()
    {
        await using var rounds = new RoundsUnderTest("a").Start();
        rounds.Source.MoveTo(1);
        await rounds.AcknowledgedAsync(1);

        var result = await CheckAsync(rounds);

        Assert.Equal(HealthStatus.Healthy, result.Status);
        Assert.Equal(1u, result.Data["generation"]);
        Assert.Equal(1u, result.Data["handled"]);
        Assert.Equal(rounds.Source.Read().Id, result.Data["id"]);
        Assert.Equal(WatcherMode.Full, result.Data["mode"]);
    }

    [Fact]
    public async Task It_is_degraded_once_a_generation_has_been_unhandled_for_longer_than_the_threshold()
    {
        await using var rounds = new RoundsUnderTest("a").Start();
        rounds["a"].Behavior = async (_, token) => await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
        rounds.Source.MoveTo(1);
        await rounds.CalledAsync("a 1");

        rounds.Clock.Advance(10 * _second);
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(rounds)).Status);
        rounds.Clock.Advance(_second);
        var result = await CheckAsync(rounds);

        Assert.Equal((HealthStatus.Degraded, "outdated"), (result.Status, result.Data["reasons"]));
        Assert.Equal("Generation 1 is not handled since 11 s.", result.Description);
        Assert.Equal((1u, 0u), (result.Data["generation"], result.Data["handled"]));
    }

    [Fact]
    public async Task A_newer_generation_does_not_make_it_younger()
    {
        await using var rounds = new RoundsUnderTest("a").Start();
        rounds["a"].Behavior = async (_, token) => await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
        rounds.Source.MoveTo(1);
        await rounds.CalledAsync("a 1");
        rounds.Clock.Advance(6 * _second);
        rounds.Source.MoveTo(2);
        await rounds.CalledAsync("a 1", "a 2");
        rounds.Clock.Advance(6 * _second);
        Assert.Equal("outdated", (await CheckAsync(rounds)).Data["reasons"]);
    }

    [Fact]
    public async Task It_is_unhealthy_while_a_handler_keeps_failing_and_healthy_again_when_it_has_succeeded()
    {
        await using var rounds = new RoundsUnderTest("a", "keys").Start();
        var failure = new InvalidOperationException("no vault");
        var fails = true;
        rounds["keys"].Behavior = (_, _) => fails ? throw failure : ValueTask.CompletedTask;
        rounds.Source.MoveTo(1);
        await rounds.CalledWhileTimePassesAsync(_second, "a 1", "keys 1", "keys 1");
        await Eventually.HoldsAsync(() => rounds.Rounds.State.Failures == 2);
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(rounds)).Status);
        await rounds.CalledWhileTimePassesAsync(_second, "a 1", "keys 1", "keys 1", "keys 1");
        await Eventually.HoldsAsync(() => rounds.Rounds.State.Failures == 3);

        var result = await CheckAsync(rounds);
        Assert.Equal((HealthStatus.Unhealthy, "handlers-failing"), (result.Status, result.Data["reasons"]));
        Assert.Equal("Handler keys failed 3 times in a row.", result.Description);
        Assert.Same(failure, result.Exception);
        Assert.Equal(("keys", 3), (result.Data["handler"], result.Data["failures"]));
        Assert.Equal(HealthStatus.Degraded, (await CheckAsync(rounds, failureStatus: HealthStatus.Degraded)).Status);

        fails = false;
        await rounds.CalledWhileTimePassesAsync(_second, "a 1", "keys 1", "keys 1", "keys 1", "keys 1");
        await rounds.AcknowledgedAsync(1);
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(rounds)).Status);
    }

    [Fact]
    public async Task It_stays_unhealthy_when_a_newer_generation_comes_and_other_handlers_succeed()
    {
        await using var rounds = new RoundsUnderTest("a", "keys").Start();
        rounds["keys"].Behavior = (_, _) => throw new InvalidOperationException("no vault");
        rounds.Source.MoveTo(1);
        await rounds.CalledWhileTimePassesAsync(_second, "a 1", "keys 1", "keys 1", "keys 1");
        await Eventually.HoldsAsync(() => rounds.Rounds.State.Failures == 3);
        rounds.Source.MoveTo(2);
        await Eventually.HoldsAsync(() => rounds.Rounds.State.Failures == 4);
        Assert.Equal(HealthStatus.Unhealthy, (await CheckAsync(rounds)).Status);
    }

    [Theory]
    [InlineData(WatcherMode.PageOnly, true, true, "page-only")]
    [InlineData(WatcherMode.Full, false, true, "agent-disconnected")]
    [InlineData(WatcherMode.Full, true, false, "gate-unproven")]
    [InlineData(WatcherMode.PageOnly, true, false, "page-only,gate-unproven")]
    [InlineData(WatcherMode.Full, false, false, "agent-disconnected")]
    [InlineData(WatcherMode.Unavailable, false, false, "unavailable")]
    public async Task It_is_degraded_where_it_may_not_be_told(WatcherMode mode, bool isAgentConnected, bool isGateProven, string reasons)
    {
        await using var rounds = new RoundsUnderTest("a").Create();
        (rounds.Source.Mode, rounds.Source.IsAgentConnected, rounds.Source.IsGateProven) = (mode, isAgentConnected, isGateProven);
        var result = await CheckAsync(rounds);
        Assert.Equal((HealthStatus.Degraded, reasons), (result.Status, result.Data["reasons"]));
        Assert.NotEmpty(result.Description!);
    }

    [Fact]
    public async Task S27_a_gate_that_is_not_proven_matters_only_where_it_is_required()
    {
        await using var rounds = new RoundsUnderTest("a").Create();
        rounds.Source.IsGateProven = false;
        var result = await CheckAsync(rounds, new SystemGenerationHealthOptions { RequireProvenGate = false });
        Assert.Equal(HealthStatus.Healthy, result.Status);
    }

    [Fact]
    public void All_faults_of_the_options_are_told_at_once()
    {
        var failure = Assert.Throws<ArgumentException>(() => SystemGenerationHealthCheck.Validate(
            new SystemGenerationHealthOptions { OutdatedThreshold = -_second, FailuresUntilUnhealthy = 0 }));
        Assert.Contains("OutdatedThreshold must be 0 to 1 day; FailuresUntilUnhealthy must be at least 1", failure.Message, StringComparison.Ordinal);
    }

    private static async Task<HealthCheckResult> CheckAsync(
        RoundsUnderTest rounds, SystemGenerationHealthOptions? options = null, HealthStatus failureStatus = HealthStatus.Unhealthy)
    {
        var check = new SystemGenerationHealthCheck(rounds.Source, rounds.Rounds, options ?? new SystemGenerationHealthOptions(), rounds.Clock);
        var context = new HealthCheckContext { Registration = new HealthCheckRegistration("s", check, failureStatus, null) };
        return await check.CheckHealthAsync(context, TestContext.Current.CancellationToken);
    }
}
