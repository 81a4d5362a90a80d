using System.Globalization;
using System.Text.Json;
using SysGenId.TestSupport;
using SysGenId.TestSupport.Programs;

namespace SysGenId.Operator.Tests.Agents;

/// <summary>One run of CRIU: its hooks are children of one process, which is no child of the agent's.</summary>
internal sealed class FakeCriu : IAsyncDisposable
{
    private readonly ChildProcess _process;
    private int _calls;

    /// <summary>The pid of the process that plays CRIU.</summary>
    public int Pid { get; private set; }

    private FakeCriu(ChildProcess process) => _process = process;

    /// <summary>Starts it.</summary>
    /// <param name="agent">Whom its hooks call.</param>
    /// <param name="isAgentsOwn">Whether the agent started it, as it does to prove the gate.</param>
    public static async Task<FakeCriu> StartAsync(AgentUnderTest agent, bool isAgentsOwn = false)
    {
        var program = await StaticProgram.CompileAsync("tests/SysGenId.Operator.Tests/Programs/fake-criu.c");
        var criu = new FakeCriu(ChildProcess.Start(program, isAgentsOwn ? [agent.Socket, "own"] : [agent.Socket]));
        criu.Pid = int.Parse(await criu.LineAsync("criu"), CultureInfo.InvariantCulture);
        return criu;
    }

    /// <summary>The hook at post-restore: its answer, or an undefined element when the agent closed the connection.</summary>
    public Task<JsonElement> PostRestoreAsync(int initPid, object? record = null) => CallAsync(Restored("post-restore", initPid, record));

    /// <summary>The hook at pre-resume.</summary>
    public Task<JsonElement> PreResumeAsync(int initPid, object? record = null) => CallAsync(Restored("pre-resume", initPid, record));

    /// <summary>The hook at post-restore, which is gone before it has its answer.</summary>
    public Task LosePostRestoreAsync(int initPid, object? record = null) => SendAsync("lost", "!" + JsonSerializer.Serialize(Restored("post-restore", initPid, record)));

    /// <summary>The hook at pre-dump.</summary>
    public Task<JsonElement> PreDumpAsync(int initPid) => CallAsync(new { op = "checkpointing", initPid, imageDir = "/nonexistent" });

    /// <summary>The hook at post-dump.</summary>
    public Task<JsonElement> PostDumpAsync(int initPid) => CallAsync(new { op = "checkpointed", initPid });

    /// <summary>Ends it, as the end of a dump or restore does.</summary>
    public async Task EndAsync()
    {
        _process.Input.Close();
        await _process.ExitAsync();
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static Dictionary<string, object> Restored(string stage, int initPid, object? record)
    {
        var request = new Dictionary<string, object> { ["op"] = "restored", ["stage"] = stage, ["initPid"] = initPid };
        if (record is not null) request["record"] = record;
        return request;
    }

    private async Task<JsonElement> CallAsync(object request)
    {
        var tag = $"call-{++_calls}";
        await SendAsync(tag, JsonSerializer.Serialize(request));
        var line = await LineAsync(tag);
        return line == "closed" ? default : JsonElement.Parse(line);
    }

    private async Task SendAsync(string tag, string request)
    {
        await _process.Input.WriteAsync($"{tag} {request}\n");
        await _process.Input.FlushAsync();
    }

    private async Task<string> LineAsync(string tag)
    {
        var line = await Eventually.ReturnsAsync(
            () => _process.Output.Split('\n')[..^1].FirstOrDefault(line => line.StartsWith(tag + " ", StringComparison.Ordinal)),
            what: $"the line of {tag}");
        return line[(tag.Length + 1)..];
    }
}
