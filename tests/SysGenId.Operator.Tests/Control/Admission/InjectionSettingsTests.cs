using SysGenId.Operator.Control.Admission;
using SysGenId.Operator.Control.Admission.Injection;

namespace SysGenId.Operator.Tests.Control.Admission;

public sealed class InjectionSettingsTests
{
    [Fact]
    public void What_the_chart_gives_has_no_faults() => Assert.Empty(Samples.Settings.Faults());

    [Fact]
    public void All_faults_are_told_at_once_in_the_words_of_the_command_line()
    {
        var settings = new InjectionSettings
        {
            Namespace = "",
            SidecarImage = "",
            PullPolicy = "Sometimes",
            AgentSocketDirectory = "run",
            Resources = new SidecarResources { CpuRequest = "x", CpuLimit = "0", MemoryRequest = "1Gi", MemoryLimit = "16Mi" },
        };
        Assert.Equal(
        [
            "--namespace must be given.",
            "--sidecar-image must be the name of an image, not \"\".",
            "--pull-policy must be Always, IfNotPresent, Never, not \"Sometimes\".",
            "--agent-socket-directory must be an absolute path without \"..\", not \"run\".",
            "--sidecar-cpu-request must be a quantity of at least 0, not \"x\".",
            "--sidecar-cpu-limit must be a quantity of at least 1m, not \"0\".",
            "--sidecar-memory-request (1Gi) must not be more than --sidecar-memory-limit (16Mi).",
        ], settings.Faults());
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/run/../etc")]
    public void A_directory_that_would_show_a_pod_more_of_the_node_is_refused(string directory) =>
        Assert.Single((Samples.Settings with { AgentSocketDirectory = directory }).Faults());
}
