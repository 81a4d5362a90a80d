using System.Net;
using SysGenId.Operator.Observability;

namespace SysGenId.Operator.Tests.Observability;

public sealed class HealthTests
{
    [Fact]
    public async Task An_agent_whose_loop_answers_and_whose_state_is_stored_is_live_and_ready()
    {
        await using var agent = await ObservedServer.OfAgentAsync(new FakeNodeGauges());
        Assert.Equal((HttpStatusCode.OK, "[+] loop\n"), await agent.GetAsync("/healthz"));
        Assert.Equal((HttpStatusCode.OK, "[+] loop\n[+] state\n"), await agent.GetAsync("/readyz"));
    }

    [Fact]
    public async Task An_agent_that_has_stored_nothing_yet_is_live_and_not_ready()
    {
        var gauges = new FakeNodeGauges();
        gauges.Gauges = gauges.Gauges with { IsStateStored = false };
        await using var agent = await ObservedServer.OfAgentAsync(gauges);
        Assert.Equal(HttpStatusCode.OK, (await agent.GetAsync("/healthz")).Status);
        Assert.Equal(
            (HttpStatusCode.ServiceUnavailable, "[+] loop\n[-] state: The agent has not stored its first state yet.\n"),
            await agent.GetAsync("/readyz"));
    }

    [Fact]
    public async Task An_agent_whose_loop_hangs_is_neither_and_is_asked_once()
    {
        var gauges = new FakeNodeGauges { Hangs = true };
        await using var agent = await ObservedServer.OfAgentAsync(gauges);
        var (status, body) = await agent.GetAsync("/healthz");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "[-] loop: The agent's loop did not answer within 600 ms.\n"), (status, body));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await agent.GetAsync("/readyz")).Status);
        Assert.Equal(1, gauges.Questions);
    }

    [Fact]
    public async Task A_controller_is_what_its_probes_say()
    {
        string? fault = null;
        await using var controller = await ObservedServer.OfControllerAsync(
            new FakeControllerGauges(),
            HealthProbe.Of("webhook", HealthScope.Ready, () => fault),
            HealthProbe.Of("loops", HealthScope.Live, () => null));
        Assert.Equal((HttpStatusCode.OK, "[+] loops\n"), await controller.GetAsync("/healthz"));
        Assert.Equal((HttpStatusCode.OK, "[+] webhook\n[+] loops\n"), await controller.GetAsync("/readyz"));
        fault = "There is no certificate yet.";
        Assert.Equal(
            (HttpStatusCode.ServiceUnavailable, "[-] webhook: There is no certificate yet.\n[+] loops\n"), await controller.GetAsync("/readyz"));
        Assert.Equal(HttpStatusCode.OK, (await controller.GetAsync("/healthz")).Status);
    }

    [Fact]
    public async Task A_probe_that_hangs_or_throws_is_a_fault_of_its_own()
    {
        var hangs = new TaskCompletionSource<string?>();
        await using var controller = await ObservedServer.OfControllerAsync(
            new FakeControllerGauges(),
            new HealthProbe("slow", HealthScope.Ready, _ => hangs.Task),
            HealthProbe.Of("broken", HealthScope.Ready, () => throw new InvalidOperationException("no such thing")));
        Assert.Equal(
            (HttpStatusCode.ServiceUnavailable, "[-] slow: No answer within 950 ms.\n[-] broken: no such thing\n"), await controller.GetAsync("/readyz"));
        Assert.Equal(HttpStatusCode.OK, (await controller.GetAsync("/healthz")).Status);
    }

    [Fact]
    public async Task Without_a_probe_to_answer_is_to_be_well()
    {
        await using var controller = await ObservedServer.OfControllerAsync(new FakeControllerGauges());
        Assert.Equal((HttpStatusCode.OK, "ok\n"), await controller.GetAsync("/healthz"));
    }

    [Fact]
    public async Task Nothing_else_is_served()
    {
        await using var agent = await ObservedServer.OfAgentAsync(new FakeNodeGauges());
        Assert.Equal(HttpStatusCode.NotFound, (await agent.GetAsync("/")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await agent.GetAsync("/debug")).Status);
    }

    [Fact]
    public async Task A_port_in_use_is_told_and_not_thrown()
    {
        await using var first = await ObservedServer.OfAgentAsync(new FakeNodeGauges());
        await using var second = await ObservedServer.OfControllerAsync(new FakeControllerGauges());
        Assert.False(await second.Server.TryStartAsync(first.Server.Endpoint));
    }
}
