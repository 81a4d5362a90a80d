using SysGenId.TestSupport;
using SysGenId.TestSupport.Containers;

namespace SysGenId.Chart.Tests.Capabilities;

/// <summary>An agent with the capabilities that the chart gives it, and with one of them missing.</summary>
public sealed class AgentCapabilityTests
{
    /// <summary>What only an agent with a sandbox of its own needs: here it is in the mounts where CRIU is.</summary>
    private const string ForTheHostsMounts = "SYS_PTRACE";

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(45);

    public static TheoryData<string> NeededByTheProof => [.. AgentCapabilities.All.Where(name => name != ForTheHostsMounts)];

    [Fact]
    public async Task With_all_of_them_the_gate_is_proven() => Assert.Contains("Gate proven", await ProofAsync(AgentCapabilities.All), StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(NeededByTheProof))]
    public async Task Without_one_of_them_it_is_not(string missing) =>
        Assert.Contains("Gate not proven", await ProofAsync(AgentCapabilities.All.Where(name => name != missing)), StringComparison.Ordinal);

    [Fact]
    public async Task Only_with_SYS_PTRACE_it_sees_the_mounts_of_processes_that_may_more()
    {
        Requires.Root();
        await using var almighty = ChildProcess.Start("cat");
        var with = await RunAsync(AgentCapabilities.All, "readlink", $"/proc/{almighty.Id}/ns/mnt");
        var without = await RunAsync(AgentCapabilities.All.Where(name => name != ForTheHostsMounts), "readlink", $"/proc/{almighty.Id}/ns/mnt");

        Assert.True(with.ExitCode == 0, with.Errors);
        Assert.NotEqual(0, without.ExitCode);
    }

    /// <summary>What the agent says of the gate.</summary>
    private static async Task<string> ProofAsync(IEnumerable<string> capabilities)
    {
        Requires.PublishedPrograms();
        await using var machine = await CheckpointNamespace.CreateAsync();
        var own = Directory.CreateDirectory(Path.Join(machine.Memory, "agent")).FullName;
        await using var agent = machine.Start(
            "setpriv",
            [
                .. Limits(capabilities), ToolPaths.Operator, "node", "--standalone", "--install-hook",
                "--socket", Path.Join(own, "node.sock"), "--state-dir", Path.Join(own, "state"), "--hook-dir", Path.Join(own, "hook"),
            ]);
        await Eventually.HoldsAsync(() => agent.HasExited || Gate(agent) is not null, _patience);
        return Gate(agent) ?? agent.Evidence;
    }

    private static string? Gate(ChildProcess agent) =>
        (agent.Output + agent.Errors).Split('\n').FirstOrDefault(line => line.Contains("Gate proven", StringComparison.Ordinal) || line.Contains("Gate not proven", StringComparison.Ordinal));

    private static Task<CommandResult> RunAsync(IEnumerable<string> capabilities, params IEnumerable<string> command) =>
        ChildProcess.RunAsync("setpriv", [.. Limits(capabilities), .. command]);

    // Root has what its bounding set lets it have, as root in a container has.
    private static IEnumerable<string> Limits(IEnumerable<string> capabilities) =>
        [$"--bounding-set=-all,{string.Join(',', capabilities.Select(name => $"+{name.ToLowerInvariant()}"))}", "--inh-caps=-all", "--"];
}
