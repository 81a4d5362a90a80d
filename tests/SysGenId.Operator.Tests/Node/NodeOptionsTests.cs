using SysGenId.Core.Protocol;
using SysGenId.Operator.Node;

namespace SysGenId.Operator.Tests.Node;

public sealed class NodeOptionsTests
{
    [Fact]
    public void The_defaults_can_be_used() => Assert.Empty(new NodeOptions().Faults());

    [Fact]
    public void All_faults_are_told_at_once_each_in_a_sentence_that_names_the_option()
    {
        var options = new NodeOptions
        {
            Socket = new string('x', 108),
            StateDirectory = "state",
            CriuConfiguration = "",
            NodeName = "",
            RestoreScope = (RestoreScope)7,
            RestoreFailurePolicy = (RestoreFailurePolicy)7,
            PublishTimeout = TimeSpan.Zero,
            MaximumJump = 0,
        };
        Assert.Equal(
            [
                "--socket must be at most 107 bytes long.",
                "--socket must be an absolute path.",
                "--state-dir must be an absolute path.",
                "--criu-config must be an absolute path.",
                "--node-name must have 1 to 253 characters.",
                "--restore-scope must be Node or Pod.",
                "--restore-failure-policy must be Fail or Ignore.",
                "--publish-timeout must be from 10ms to 60s.",
                "--maximum-jump must be from 1 to 2147483648.",
            ],
            options.Faults());
    }

    [Theory]
    [InlineData(10, true)]
    [InlineData(9, false)]
    [InlineData(60_000, true)]
    [InlineData(60_001, false)]
    public void The_publish_timeout_has_a_range(int milliseconds, bool isGood) =>
        Assert.Equal(isGood, new NodeOptions { PublishTimeout = TimeSpan.FromMilliseconds(milliseconds) }.Faults().Count == 0);

    [Theory]
    [InlineData(1u, true)]
    [InlineData(0x8000_0000u, true)]
    [InlineData(0x8000_0001u, false)]
    public void The_maximum_jump_has_a_range(uint jump, bool isGood) => Assert.Equal(isGood, new NodeOptions { MaximumJump = jump }.Faults().Count == 0);

    [Fact]
    public void The_socket_is_measured_in_bytes() =>
        Assert.Single(new NodeOptions { Socket = "/" + new string('é', 60) }.Faults());
}
