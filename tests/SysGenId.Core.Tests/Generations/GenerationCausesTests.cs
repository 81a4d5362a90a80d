using SysGenId.Core.Generations;

namespace SysGenId.Core.Tests.Generations;

public sealed class GenerationCausesTests
{
    [Theory]
    [InlineData(0u, "None")]
    [InlineData(1u, "ContainerRestored")]
    [InlineData(2u, "VirtualMachineRestored")]
    [InlineData(3u, "Forced")]
    [InlineData(4u, "MinimumRaised")]
    [InlineData(5u, "AgentStateLost")]
    [InlineData(0xFFFF_FFFFu, "Unknown")]
    public void Numbers_and_names_of_causes_never_change(uint number, string name)
    {
        var cause = (GenerationCause)number;
        Assert.Equal(name, cause.Name());
        Assert.Equal(name, cause.ToString());
        Assert.True(GenerationCauses.TryParse(name, out var parsed));
        Assert.Equal(cause, parsed);
    }

    [Fact]
    public void Every_cause_has_a_name_of_its_own()
    {
        var names = Enum.GetValues<GenerationCause>().Select(cause => cause.Name()).ToList();
        Assert.Equal(names, names.Distinct());
    }

    [Theory]
    [InlineData(6u)]
    [InlineData(0x8000_0000u)]
    public void A_number_of_a_newer_version_is_named_Unknown(uint number) => Assert.Equal("Unknown", ((GenerationCause)number).Name());

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("forced")]
    [InlineData("MachineMoved")]
    public void A_name_of_a_newer_version_is_told_apart_from_those_known(string? name)
    {
        Assert.False(GenerationCauses.TryParse(name, out var cause));
        Assert.Equal(GenerationCause.Unknown, cause);
    }
}
