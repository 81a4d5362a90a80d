using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;
using SysGenId.Operator.Api;
using SysGenId.Operator.Node.Gate;
using SysGenId.Operator.Node.Ports;
using SysGenId.Operator.Node.Reporting;
using SysGenId.Operator.Tests.Cluster;
using SysGenId.Operator.Tests.Node.Generations;

namespace SysGenId.Operator.Tests.Node.Reporting;

public sealed class GateLabelTests
{
    [Theory]
    [InlineData(true, false, true, "{\"metadata\":{\"labels\":{\"sysgenid.io/gate\":\"proven\"}}}")]
    [InlineData(true, true, true, null)]
    [InlineData(false, true, true, "{\"metadata\":{\"labels\":{\"sysgenid.io/gate\":null}}}")]
    [InlineData(true, false, false, null)]
    [InlineData(true, true, false, null)]
    [InlineData(false, true, false, "{\"metadata\":{\"labels\":{\"sysgenid.io/gate\":null}}}")]
    public async Task S27_in_the_name_of_two_nothing_is_promised_and_a_false_promise_is_taken_back(bool isProven, bool isThere, bool mayPromise, string? patch)
    {
        using var api = ScriptedApi.Answering(_ => ScriptedApi.Json("""{"apiVersion":"v1","kind":"Node","metadata":{"name":"node-1"}}"""));
        using var cluster = api.Connect();
        var node = new V1Node { Metadata = new V1ObjectMeta { Name = "node-1" } };
        if (isThere) node.Metadata.Labels = new Dictionary<string, string> { [ApiNames.GateLabel] = ApiNames.GateProven };
        var snapshot = new NodeSnapshot
        {
            Current = Changes.At(1),
            Gate = new GateStatus(isProven ? GateReason.Proven : GateReason.CriuMissing, ""),
            IsGateSettled = true,
        };

        var isChanged = await new GateLabel(cluster, NullLogger.Instance).KeepAsync(node, snapshot, mayPromise, TestContext.Current.CancellationToken);

        Assert.Equal(patch is not null, isChanged);
        Assert.Equal(patch is null ? [] : [patch], api.Requests.Select(request => request.Body));
    }
}
