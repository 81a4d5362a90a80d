using System.Net;
using k8s;
using k8s.LeaderElection;
using Microsoft.Extensions.Time.Testing;
using SysGenId.Operator.Control.Leadership;

namespace SysGenId.Operator.Tests.Control.Leadership;

public sealed class LeaderTermTests
{
    private static readonly TimeSpan _deadline = TimeSpan.FromSeconds(10);
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public async Task A_term_counts_from_the_moment_its_renewal_was_sent()
    {
        var answer = TimeSpan.FromSeconds(4);
        using var cluster = Cluster(_ => _clock.Advance(answer));
        var held = Lock(cluster);
        var term = new LeaderTerm(_deadline);
        Assert.False(term.IsHeld);
        term.Begin(held);
        Assert.False(term.IsHeld);
        Assert.True(await held.CreateAsync(Record(), TestContext.Current.CancellationToken));
        Assert.Equal(_deadline - answer, term.Left);
        _clock.Advance(TimeSpan.FromSeconds(6));
        Assert.False(term.IsHeld);
        Assert.Equal(TimeSpan.Zero, term.Left);
    }

    [Fact]
    public async Task After_its_term_a_leader_reads_but_writes_nothing()
    {
        using var cluster = Cluster();
        var held = Lock(cluster);
        var term = new LeaderTerm(_deadline);
        term.Begin(held);
        await held.CreateAsync(Record(), TestContext.Current.CancellationToken);
        using var requests = new HttpMessageInvoker(new LeaderFence(term) { InnerHandler = new Answering("{}", null) });
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(requests, HttpMethod.Patch)).StatusCode);
        _clock.Advance(_deadline);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(requests, HttpMethod.Get)).StatusCode);
        foreach (var method in new[] { HttpMethod.Post, HttpMethod.Put, HttpMethod.Patch, HttpMethod.Delete })
            await Assert.ThrowsAsync<HttpRequestException>(() => SendAsync(requests, method));
    }

    [Fact]
    public async Task A_Lease_that_somebody_emptied_is_read_as_released()
    {
        using var cluster = Cluster();
        var record = await Lock(cluster).GetAsync(TestContext.Current.CancellationToken);
        Assert.Equal("", record.HolderIdentity);
        Assert.NotNull(record.AcquireTime);
        Assert.NotNull(record.RenewTime);
    }

    private static Task<HttpResponseMessage> SendAsync(HttpMessageInvoker requests, HttpMethod method) =>
        requests.SendAsync(new HttpRequestMessage(method, "http://localhost/"), TestContext.Current.CancellationToken);

    private static LeaderElectionRecord Record() => new() { HolderIdentity = "me", AcquireTime = DateTime.UnixEpoch, RenewTime = DateTime.UnixEpoch };

    private LeaderLock Lock(IKubernetes cluster) => new(cluster, "ns", "lease", "me", _clock, _ => { });

    private static Kubernetes Cluster(Action<HttpRequestMessage>? meanwhile = null) => new(
        new KubernetesClientConfiguration { Host = "http://localhost" },
        new Answering("""{"apiVersion":"coordination.k8s.io/v1","kind":"Lease","metadata":{"name":"lease"}}""", meanwhile));

    private sealed class Answering(string body, Action<HttpRequestMessage>? meanwhile) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            meanwhile?.Invoke(request);
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(body), RequestMessage = request });
        }
    }
}
