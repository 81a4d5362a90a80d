using System.Globalization;
using System.Text.Json;
using SysGenId.Core.Linux;
using SysGenId.TestSupport;

namespace SysGenId.Adversity.Tests.Harness;

/// <summary>
/// One call of the real hook. The shell between the tests and the hook plays CRIU: the agent tells restores apart by
/// the hook's parent.
/// </summary>
internal sealed class HookCall : IAsyncDisposable
{
    private const string PlayCriu = """
        "$@" &
        echo $!
        wait $!
        exit $?
        """;

    private const int Killed = 128 + (int)Signal.Kill;

    private readonly ChildProcess _criu;
    private readonly long _started = TimeProvider.System.GetTimestamp();

    private HookCall(ChildProcess criu) => _criu = criu;

    /// <summary>Whether the hook ended by a signal and so said nothing.</summary>
    public bool WasKilled => _criu.ExitCode == Killed;

    /// <summary>What CRIU obeys.</summary>
    public int ExitCode => _criu.ExitCode;

    public string Errors => _criu.Errors;

    /// <summary>How long CRIU was held, the start of two processes included.</summary>
    public TimeSpan Elapsed { get; private set; }

    /// <summary>Calls the hook at post-restore.</summary>
    /// <param name="node">Whose agent it asks.</param>
    /// <param name="initPid">The restored container's first process.</param>
    /// <param name="images">The image directory, with or without a record.</param>
    public static HookCall Restored(NodeOnTrial node, int initPid, string images) => Begin(node, "post-restore", initPid, images);

    /// <summary>Calls the hook at a stage.</summary>
    public static HookCall Begin(NodeOnTrial node, string stage, int initPid, string images, string? agent = null)
    {
        string[] command =
        [
            .. node.Inside, "sh", "-c", PlayCriu, "sh",
            "env", $"CRTOOLS_SCRIPT_ACTION={stage}", $"CRTOOLS_IMAGE_DIR={images}", $"CRTOOLS_INIT_PID={initPid}",
            ToolPaths.CriuHook, "--agent", agent ?? node.Socket,
        ];
        return new HookCall(ChildProcess.Start(command[0], command[1..]));
    }

    /// <summary>A directory as CRIU's images are in, with a record of that generation.</summary>
    public static string ImagesWith(NodeOnTrial node, uint generation, int watchers = 0) =>
        ImagesWith(node, JsonSerializer.Serialize(new { version = 1, generation, id = Guid.NewGuid(), node = "elsewhere", watchers }));

    /// <summary>A directory as CRIU's images are in, with a record of any content; null: with none.</summary>
    public static string ImagesWith(NodeOnTrial node, string? record)
    {
        var images = System.IO.Directory.CreateDirectory(node.UniquePath("images")).FullName;
        if (record is not null)
            File.WriteAllText(Path.Combine(images, "sysgenid.json"), record);
        return images;
    }

    /// <summary>Waits until it has ended; a minute is far more than a hook may take.</summary>
    public async Task<HookCall> EndAsync()
    {
        await _criu.ExitAsync();
        Elapsed = TimeProvider.System.GetElapsedTime(_started);
        return this;
    }

    /// <summary>Kills the hook, not the shell that plays CRIU. False when it is not there yet or no longer.</summary>
    public bool TryKill() =>
        !_criu.HasExited && int.TryParse(_criu.Output.AsSpan().TrimEnd(), NumberStyles.None, CultureInfo.InvariantCulture, out var hook) && Libc.kill(hook, (int)Signal.Kill) == 0;

    public ValueTask DisposeAsync() => _criu.DisposeAsync();
}
