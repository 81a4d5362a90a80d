using System.Diagnostics;
using SysGenId.Core.Linux;
using SysGenId.Operator.Node.HookInstallation;

namespace SysGenId.Operator.Node.Gate;

/// <summary>The process that is checkpointed and restored. Whatever happens, it is gone when this is disposed.</summary>
internal sealed class ProbeProcess : IDisposable
{
    private const string DeletedMark = " (deleted)";

    private readonly Process _process;
    private string? _program;

    private ProbeProcess(Process process) => (_process, Pid) = (process, process.Id);

    /// <summary>Its number, before the checkpoint and after the restore.</summary>
    public int Pid { get; }

    /// <summary>Starts it, and waits until nothing ties it to this process.</summary>
    public static async Task<ProbeProcess> StartAsync(string program, CriuNamespace place, CancellationToken stop)
    {
        var start = new ProcessStartInfo(program, ["--probe-child"]) { RedirectStandardOutput = true };
        start.Environment["CRTOOLS_SCRIPT_ACTION"] = null;
        var child = new ProbeProcess(place.Run(() => Process.Start(start)!));
        try
        {
            // It closes everything it inherited, this pipe too, and only then can CRIU dump it.
            await child._process.StandardOutput.ReadToEndAsync(stop).ConfigureAwait(false);
            child._program = ProcessTable.Link($"/proc/{child.Pid}/exe");
            return child._process.HasExited ? throw new IOException($"{program} --probe-child ended with exit code {child._process.ExitCode}.") : child;
        }
        catch
        {
            child.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Makes sure that it is gone after its checkpoint and that its number is free. CRIU has killed it, unless the
    /// configuration says to leave it running.
    /// </summary>
    public Task EndAsync(CancellationToken stop)
    {
        _process.Kill();
        return _process.WaitForExitAsync(stop);
    }

    /// <summary>Ends what CRIU made of it: no child of ours, so only its number and its program tell it.</summary>
    public void KillRestored()
    {
        if (PidFd.TryOpen(Pid, out _) is not { } restored) return;
        using (restored)
        {
            if (IsOurs(ProcessTable.Link($"/proc/{Pid}/exe"))) PidFd.Signal(restored, SignalDescriptor.Kill);
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }

    private bool IsOurs(string? program) => program is not null && (program == _program || program == _program + DeletedMark);
}
