using System.Text;
using SysGenId.Core.Protocol;

namespace SysGenId.Core.Tests.Protocol;

public sealed class NodePolicyTests
{
    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"publishTimeoutMs":-1}""")]
    [InlineData("""{"publishTimeoutMs":"5"}""")]
    [InlineData("""{"restoreFailurePolicy":"Perhaps"}""")]
    [InlineData("""{"restoreFailurePolicy":"Ignore" """)]
    public void S25_What_is_not_said_or_not_well_is_the_default_which_is_to_fail(string json) =>
        Assert.Equal(NodePolicy.Default, NodePolicy.Parse(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void S25_Fields_of_newer_versions_are_passed_over() =>
        Assert.Equal(
            new NodePolicy(RestoreFailurePolicy.Ignore, TimeSpan.FromMilliseconds(250)),
            NodePolicy.Parse("""{"later":{"restoreFailurePolicy":"Fail"},"restoreFailurePolicy":"Ignore","publishTimeoutMs":250}"""u8));

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"generation":4294967296}""")]
    [InlineData("""{"generation":1,"node":7}""")]
    [InlineData("""{"generation":1,"id":""")]
    [InlineData("[1]")]
    public void S21_A_record_without_a_readable_generation_is_none(string json) =>
        Assert.Null(CheckpointRecord.TryParse(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void S21_A_record_of_another_version_is_read_for_the_fields_known_here() =>
        Assert.Equal(new CheckpointRecord { Generation = 9 }, CheckpointRecord.TryParse("""{"version":2,"generation":9,"zone":"b"}"""u8));
}
