using SysGenId.Core.Protocol;
using SysGenId.Operator.Api;
using SysGenId.Operator.Node;
using SysGenId.Operator.Node.Ports;
using SysGenId.Operator.Node.Reporting;

namespace SysGenId.Operator.Tests.Node.Reporting;

public sealed class SpecReaderTests
{
    private static readonly NodeSpec _before = new()
    {
        MinimumGeneration = 5,
        RestoreScope = RestoreScope.Pod,
        RestoreFailurePolicy = RestoreFailurePolicy.Ignore,
        PublishTimeout = TimeSpan.FromSeconds(2),
    };

    [Fact]
    public void What_is_left_out_is_as_the_agent_was_started()
    {
        var reading = Read(new SystemGenerationSpec());
        Assert.Equal(new NodeSpec(), reading.Spec);
        Assert.Empty(reading.Faults);
    }

    [Fact]
    public void A_whole_spec_is_read()
    {
        var reading = Read(new SystemGenerationSpec { MinimumGeneration = uint.MaxValue, RestoreScope = "Node", RestoreFailurePolicy = "Fail", PublishTimeout = "60s" });
        Assert.Equal(
            new NodeSpec { MinimumGeneration = uint.MaxValue, RestoreScope = RestoreScope.Node, RestoreFailurePolicy = RestoreFailurePolicy.Fail, PublishTimeout = TimeSpan.FromMinutes(1) },
            reading.Spec);
        Assert.Empty(reading.Faults);
    }

    [Fact]
    public void What_makes_no_sense_is_told_field_by_field_and_what_was_before_stays()
    {
        var reading = Read(new SystemGenerationSpec { MinimumGeneration = 1L << 32, RestoreScope = "node", RestoreFailurePolicy = "0", PublishTimeout = "9ms" });
        Assert.Equal(_before, reading.Spec);
        Assert.Equal(
            [
                "spec.minimumGeneration must be from 0 to 4294967295, not 4294967296.",
                "spec.restoreScope must be Node or Pod, not 'node'.",
                "spec.restoreFailurePolicy must be Fail or Ignore, not '0'.",
                "spec.publishTimeout must be a duration from 10ms to 60s, not '9ms'.",
            ],
            reading.Faults);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("requested", true)]
    [InlineData("no", false)]
    [InlineData("e68d3126", true)]
    [InlineData("0c1f22aa", false)]
    public void The_hook_is_unwanted_while_the_annotation_says_so_to_all_or_to_this_installation(string? annotation, bool isUnwanted)
    {
        var wanted = new SystemGeneration();
        if (annotation is not null) wanted.Metadata.Annotations = new Dictionary<string, string> { [ApiNames.UninstallAnnotation] = annotation };
        Assert.Equal(isUnwanted, SpecReader.Read(wanted, new NodeSpec(), installation: "e68d3126").Spec.IsUninstallRequested);
    }

    private static SpecReading Read(SystemGenerationSpec spec) => SpecReader.Read(new SystemGeneration { Spec = spec }, _before);
}
