namespace SysGenId.Operator.Tests.Hosting;

public sealed class NodeCommandTests
{
    [Fact]
    public async Task All_faults_of_the_options_are_told_at_once_with_exit_code_2()
    {
        var result = await OperatorProgram.RunAsync(
            "node", "--standalone", "--kubeconfig", "/root/.kube/config", "--socket", "relative", "--state-dir", "state", "--publish-timeout", "soon", "--maximum-jump", "0", "--restore-scope", "7");
        Assert.Equal(2, result.ExitCode);
        Assert.Equal(
            [
                "--publish-timeout must be a duration such as 500ms or 5s.",
                "--socket must be an absolute path.",
                "--state-dir must be an absolute path.",
                "--restore-scope must be Node or Pod.",
                "--maximum-jump must be from 1 to 2147483648.",
                "--standalone is without a cluster: leave --kubeconfig and --context out.",
            ],
            result.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal("", result.Output);
    }

    [Theory]
    [InlineData("node", "--standalone", "--maximum-jump", "many")]
    [InlineData("node", "--standalone", "--restore-scope", "Cluster")]
    [InlineData("node", "--standalone", "--restore-failure-policy", "Panic")]
    [InlineData("node", "--standalone", "--no-such-option")]
    [InlineData("node", "--standalone", "--socket")]
    [InlineData("nodes")]
    public async Task What_cannot_be_parsed_is_a_usage_error(params string[] arguments)
    {
        var result = await OperatorProgram.RunAsync(arguments);
        Assert.Equal(2, result.ExitCode);
        Assert.NotEmpty(result.Errors);
    }

    [Fact]
    public async Task Without_a_cluster_the_agent_of_one_says_where_to_get_it()
    {
        var result = await OperatorProgram.RunAsync("node");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("give a kubeconfig file with --kubeconfig", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_names_every_option_with_its_default()
    {
        var result = await OperatorProgram.RunAsync("node", "--help");
        Assert.Equal(0, result.ExitCode);
        foreach (var expected in new[]
        {
            "--standalone", "--socket", "/run/sysgenid/node.sock", "--state-dir", "/var/lib/sysgenid", "--node-name", "--restore-scope",
            "--restore-failure-policy", "--publish-timeout", "5s", "--maximum-jump", "1048576", "--criu-config", "/etc/criu/default.conf", "--criu",
            "--log-level", "--kubeconfig", "--context", "--criu-namespace", "--install-hook", "--hook-binary", "--hook-dir", "--http-port", "--http-address",
            "install-hook", "uninstall-hook",
        })
        {
            Assert.Contains(expected, result.Output, StringComparison.Ordinal);
        }
    }
}
