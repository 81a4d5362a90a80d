namespace SysGenId.Operator.Tests.Hosting;

public sealed class ControllerCommandTests
{
    [Fact]
    public async Task All_faults_of_the_options_are_told_at_once_with_exit_code_2()
    {
        var result = await OperatorProgram.RunAsync(
            "controller", "--namespace", "", "--webhook-port", "0", "--http-port", "70000", "--drain", "soon", "--lease-duration", "1500ms", "--certificates", "here",
            "--certificate-lifetime", "1h", "--authority-lifetime", "2h", "--node-grace", "0s", "--pull-policy", "Sometimes", "--context", "prod");
        Assert.Equal(2, result.ExitCode);
        Assert.Equal(
            [
                "--drain must be a duration such as 15s, 5m or 72h.",
                "--http-port must be from 0 to 65535.",
                "A context can only be chosen from a kubeconfig file.",
                "--namespace must not be empty.",
                "--webhook-port must be from 1 to 65535.",
                "--lease-duration must be from 3s to 5m, in whole seconds.",
                "--certificates must be 'managed' or the absolute path of a directory.",
                "--authority-lifetime must be from three times --certificate-lifetime to 878400h.",
                "--node-grace must be from 1s to 24h.",
                "--namespace must be given.",
                "--sidecar-image must be the name of an image, not \"\".",
                "--pull-policy must be Always, IfNotPresent, Never, not \"Sometimes\".",
            ],
            result.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal("", result.Output);
    }

    [Theory]
    [InlineData("controller", "--webhook-port", "many")]
    [InlineData("controller", "--log-level", "Loud")]
    [InlineData("controller", "--no-such-option")]
    public async Task What_cannot_be_parsed_is_a_usage_error(params string[] arguments)
    {
        var result = await OperatorProgram.RunAsync(arguments);
        Assert.Equal(2, result.ExitCode);
        Assert.NotEmpty(result.Errors);
    }

    [Fact]
    public async Task Without_a_cluster_it_says_so_in_a_sentence()
    {
        var result = await OperatorProgram.RunAsync("controller", "--sidecar-image", "sidecar:1", "--kubeconfig", "/nowhere/kubeconfig", "--http-port", "0");
        Assert.Equal(1, result.ExitCode);
        Assert.Equal("There is no kubeconfig file /nowhere/kubeconfig.\n", result.Errors);
    }

    [Fact]
    public async Task Help_names_every_option_with_its_default()
    {
        var result = await OperatorProgram.RunAsync("controller", "--help");
        Assert.Equal(0, result.ExitCode);
        foreach (var expected in new[]
        {
            "--kubeconfig", "--context", "--namespace", "sysgenid-system", "--agent-daemonset", "sysgenid-agent", "--webhook-service", "sysgenid-webhook",
            "--webhook-configuration", "sysgenid-injector", "--webhook-port", "8443", "--http-port", "9478", "--certificates", "managed", "--certificate-secret",
            "sysgenid-webhook-tls", "--lease", "sysgenid-controller", "--lease-duration", "15s", "--drain", "--certificate-lifetime", "2160h",
            "--authority-lifetime", "26280h", "--node-grace", "--sidecar-image", "--sidecar-cpu-request", "--sidecar-cpu-limit", "--sidecar-memory-request",
            "--sidecar-memory-limit", "--agent-socket-directory", "--pull-policy", "--log-level", "--log-format",
        })
        {
            Assert.Contains(expected, result.Output, StringComparison.Ordinal);
        }
    }
}
