using System.Diagnostics;
using System.Text;
using SysGenId.Core.Linux;

namespace SysGenId.TestSupport;

/// <summary>A program started by a test: its output is captured and it does not outlive this object.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private const int LongestEvidence = 8 * 1024;

    private readonly Process _process;
    private readonly string _command;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();
    private readonly Lock _ending = new();
    private int? _disposedWith;

    private ChildProcess(Process process)
    {
        _process = process;
        _command = string.Join(' ', [process.StartInfo.FileName, .. process.StartInfo.ArgumentList]);
    }

    /// <summary>The process id; stays the same when the program replaces itself by exec.</summary>
    public int Id { get; private set; }

    /// <summary>Thread-safe: a test may look while another part of it disposes.</summary>
    public bool HasExited
    {
        get
        {
            lock (_ending)
                return _disposedWith is not null || _process.HasExited;
        }
    }

    /// <summary>The exit code, or 128 + signal number. Valid once it has exited.</summary>
    public int ExitCode => _disposedWith ?? _process.ExitCode;

    /// <summary>What it wrote to standard output so far.</summary>
    public string Output => Snapshot(_output);

    /// <summary>What it wrote to standard error so far.</summary>
    public string Errors => Snapshot(_errors);

    /// <summary>The command and the end of what it printed, for the message of a test that failed.</summary>
    public string Evidence =>
        $"--- {_command} (pid {Id}{(HasExited ? $", exited with {ExitCode}" : "")})\n{Tail(Output)}{Tail(Errors)}";

    /// <summary>Standard input; programs that end with their input end with the test process, however it ends.</summary>
    public StreamWriter Input => _process.StandardInput;

    /// <summary>Starts a program with the environment of the tests.</summary>
    public static ChildProcess Start(string program, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var child = new ChildProcess(new Process { StartInfo = start });
        child._process.OutputDataReceived += (_, line) => Append(child._output, line.Data);
        child._process.ErrorDataReceived += (_, line) => Append(child._errors, line.Data);
        child._process.Start();
        child.Id = child._process.Id;
        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Runs a program to its end, with no input.</summary>
    public static Task<CommandResult> RunAsync(string program, params IEnumerable<string> arguments) => RunAsync(null, program, arguments);

    /// <summary>The same for one that may take its time, such as a compiler.</summary>
    public static async Task<CommandResult> RunAsync(TimeSpan? within, string program, params IEnumerable<string> arguments)
    {
        await using var child = Start(program, arguments);
        child.Input.Close();
        await child.ExitAsync(within);
        return new CommandResult(child._command, child.ExitCode, child.Output, child.Errors);
    }

    /// <summary>Waits for its end and for the end of its output.</summary>
    /// <exception cref="TimeoutException">It still runs after the given time (default: a minute).</exception>
    public Task ExitAsync(TimeSpan? within = null) =>
        _process.WaitForExitAsync().WaitAsync(within ?? TimeSpan.FromMinutes(1), TimeProvider.System);

    /// <summary>Sends a signal; nothing happens when the process has ended.</summary>
    public void Send(Signal signal)
    {
        if (!HasExited)
            _ = Libc.kill(Id, (int)signal);
    }

    /// <summary>Ends it as an orchestrator does: SIGTERM. Returns the exit code.</summary>
    public async Task<int> StopAsync()
    {
        Send(Signal.Terminate);
        await ExitAsync();
        return ExitCode;
    }

    /// <summary>Ends it as a crash does: SIGKILL.</summary>
    public async Task KillAsync()
    {
        Send(Signal.Kill);
        await ExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposedWith is not null)
            return;
        if (!HasExited)
            await KillAsync();
        lock (_ending)
        {
            _disposedWith = ExitCode;
            _process.Dispose();
        }
    }

    private static string Tail(string text) =>
        text.Length <= LongestEvidence ? text : "…" + text[^LongestEvidence..];

    private static void Append(StringBuilder target, string? line)
    {
        lock (target)
            target.Append(line).Append(line is null ? "" : "\n");
    }

    private static string Snapshot(StringBuilder source)
    {
        lock (source)
            return source.ToString();
    }
}
