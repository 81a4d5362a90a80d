using k8s;
using Microsoft.Extensions.Logging.Abstractions;
using SysGenId.Operator.Control.Leadership;

namespace SysGenId.Operator.Tests.Control.Leadership;

public sealed class LeaderElectionTests
{
    [Theory]
    [InlineData(3)]
    [InlineData(15)]
    [InlineData(300)]
    public void Every_lease_duration_that_may_be_asked_for_can_be_had(int seconds)
    {
        var options = new LeadershipOptions { LeaseDuration = TimeSpan.FromSeconds(seconds) };
        using var cluster = new Kubernetes(new KubernetesClientConfiguration { Host = "http://127.0.0.1:1" });

        Assert.Empty(options.Faults());
        _ = new LeaderElection(cluster, options, new LeaderTerm(options.RenewDeadline), TimeProvider.System, new Random(1), NullLogger.Instance);
    }
}
