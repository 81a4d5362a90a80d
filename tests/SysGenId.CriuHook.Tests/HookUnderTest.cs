using System.Text.Json;
using SysGenId.Core;
using SysGenId.Core.Protocol;
using SysGenId.TestSupport;
using SysGenId.TestSupport.Nodes;

namespace SysGenId.CriuHook.Tests;

/// <summary>The hook as CRIU runs it, with images and an agent's directory of its own.</summary>
internal sealed class HookUnderTest : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public HookUnderTest()
    {
        Requires.CriuHook();
        Images = _directory.CreateDirectory("images");
        MissedDirectory = _directory.CreateDirectory(SystemPaths.MissedName);
    }

    public string Socket => _directory.File("node.sock");

    public string Images { get; }

    public string MissedDirectory { get; }

    public string Record => Path.Join(Images, CheckpointRecord.FileName);

    /// <summary>What was left for the agent.</summary>
    public IReadOnlyList<MissedRestore> Missed =>
        [.. Directory.GetFiles(MissedDirectory).Select(file => MissedRestore.TryParse(File.ReadAllBytes(file))!)];

    public string PathOf(string name) => _directory.File(name);

    public FakeAgent AgentAnswering(string answer) => FakeAgent.Answering(Socket, answer);

    /// <summary>What holds while the agent is away.</summary>
    public HookUnderTest WithPolicy(RestoreFailurePolicy policy, int publishTimeoutMs)
    {
        File.WriteAllBytes(_directory.File(SystemPaths.PolicyName), new NodePolicy(policy, TimeSpan.FromMilliseconds(publishTimeoutMs)).ToJson());
        return this;
    }

    /// <summary>The images carry a record.</summary>
    public HookUnderTest WithRecord(uint generation = 41)
    {
        File.WriteAllBytes(Record, new CheckpointRecord { Generation = generation, Container = "app", Watchers = 3 }.ToJson());
        return this;
    }

    /// <summary>Runs it at a stage for a container whose first process is that one (default: the test's own, not ours).</summary>
    public Task<CommandResult> RunAsync(string stage, int? initPid = null, string? images = null) => ChildProcess.RunAsync(
        "env",
        $"{HookCall.StageVariable}={stage}",
        $"{HookCall.ImageDirectoryVariable}={images ?? Images}",
        $"{HookCall.InitPidVariable}={initPid ?? Environment.ProcessId}",
        ToolPaths.CriuHook,
        "--agent",
        Socket);

    /// <summary>Runs it, and tells how long it took.</summary>
    public async Task<(CommandResult Result, TimeSpan Time)> TimeAsync(string stage, int? initPid = null)
    {
        var start = TimeProvider.System.GetTimestamp();
        var result = await RunAsync(stage, initPid);
        return (result, TimeProvider.System.GetElapsedTime(start));
    }

    public static string Answer(CheckpointRecord record) => $"{{\"ok\":true,\"record\":{JsonSerializer.Deserialize<JsonElement>(record.ToJson())}}}";

    public void Dispose() => _directory.Dispose();
}
