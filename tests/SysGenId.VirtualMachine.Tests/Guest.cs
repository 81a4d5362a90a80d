using SysGenId.TestSupport;

namespace SysGenId.VirtualMachine.Tests;

/// <summary>A virtual machine that runs. Its first serial port is the kernel's, the second a shell, the third the watchers'.</summary>
internal sealed class Guest : IAsyncDisposable
{
    /// <summary>
    /// Quiet and without what costs time at the boot. Programs may write as much to the kernel's log as they like: an
    /// overrun of it is something we test.
    /// </summary>
    private const string KernelArguments =
        "console=ttyS0 quiet nokaslr mitigations=off audit=0 apparmor=0 nowatchdog tsc=reliable no_timer_check panic=-1 printk.devkmsg=on";

    /// <summary>For the image twice, as the kernel gets it and unpacked, and for the agent.</summary>
    private const string Memory = "768M";

    /// <summary>More than a disk takes: QEMU is to write as fast as it can.</summary>
    private const long NoLimit = 1L << 40;

    private static readonly TimeSpan _bootPatience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan _commandPatience = TimeSpan.FromMinutes(1);

    private readonly TemporaryDirectory _directory;
    private readonly ChildProcess _qemu;
    private readonly QemuMonitor _monitor;
    private readonly SerialPort _commands;
    private readonly SerialPort _reports;
    private readonly GuestShell _shell;

    private Guest(TemporaryDirectory directory, ChildProcess qemu, QemuMonitor monitor, SerialPort commands, SerialPort reports, int lastCommand) =>
        (_directory, _qemu, _monitor, _commands, _reports, _shell) = (directory, qemu, monitor, commands, reports, new GuestShell(commands, lastCommand));

    /// <summary>When the host let it run (<see cref="TimeProvider.GetTimestamp"/>).</summary>
    public long ContinuedAt { get; private set; }

    /// <summary>What the watchers wrote since the guest runs here.</summary>
    public IReadOnlyList<WatcherReport> Reports => [.. _reports.Lines.Select(WatcherReport.Parse).OfType<WatcherReport>()];

    /// <summary>What the guest said on all its ports, for the message of a test that failed.</summary>
    public string Evidence => string.Join('\n', [
        _qemu.Evidence,
        "--- console", File.Exists(ConsoleLog) ? File.ReadAllText(ConsoleLog) : "",
        "--- shell", .. _commands.Lines.Select(line => line.Text),
        "--- watchers", .. _reports.Lines.Select(line => line.Text)]);

    /// <summary>Boots; <see cref="BootedAsync"/> tells when it takes commands.</summary>
    public static async Task<Guest> BootAsync(string image, Guid generationId)
    {
        var guest = await StartAsync(generationId, 0, "-kernel", Tools.Kernel, "-initrd", image, "-append", KernelArguments);
        await guest.ContinueAsync();
        return guest;
    }

    /// <summary>Lets a snapshot run on, in a machine whose generation id is the same or another; returns when its first instruction may run.</summary>
    public static async Task<Guest> ResumeAsync(Snapshot snapshot, Guid generationId)
    {
        var guest = await StartAsync(generationId, snapshot.LastCommand, "-incoming", $"file:{snapshot.File}");
        await guest._monitor.StatusAsync("query-status", status => status != "inmigrate");
        await guest.ContinueAsync();
        return guest;
    }

    /// <summary>Waits until it takes commands.</summary>
    public Task BootedAsync() => _shell.GreetingAsync(_bootPatience);

    /// <summary>Runs a command line of the guest's shell to its end.</summary>
    public Task<CommandResult> RunAsync(string command, TimeSpan? within = null) => _shell.RunAsync(command, within ?? _commandPatience);

    /// <summary>Stops it for ever, and writes what it was to a file.</summary>
    public async Task<Snapshot> EndInSnapshotAsync(string file)
    {
        await _monitor.ExecuteAsync("migrate-set-parameters", new Dictionary<string, long> { ["max-bandwidth"] = NoLimit });
        await _monitor.ExecuteAsync("stop");
        await _monitor.ExecuteAsync("migrate", new { uri = $"file:{file}" });
        await _monitor.StatusAsync("query-migrate", status => status is "completed" or "failed");
        var outcome = await _monitor.ExecuteAsync("query-migrate");
        if (outcome.GetProperty("status").GetString() != "completed")
            throw new InvalidOperationException($"QEMU could not write {file}: {outcome}");
        await _monitor.ExecuteAsync("quit");
        await _qemu.ExitAsync();
        return new Snapshot(file, _shell.LastNumber);
    }

    public async ValueTask DisposeAsync()
    {
        await _qemu.DisposeAsync();
        _monitor.Dispose();
        _commands.Dispose();
        _reports.Dispose();
        _directory.Dispose();
    }

    private string ConsoleLog => _directory.File("console");

    private static async Task<Guest> StartAsync(Guid generationId, int lastCommand, params string[] source)
    {
        var directory = new TemporaryDirectory();
        var accelerator = await Accelerator.NameAsync();
        var qemu = ChildProcess.Start(Tools.Qemu, [
            "-nodefaults", "-no-user-config", "-display", "none", "-S",
            "-machine", "q35,usb=off", "-cpu", "max", "-accel", accelerator, "-smp", "1", "-m", Memory,
            "-device", $"vmgenid,guid={generationId}",
            "-qmp", Listening(directory, "monitor"),
            "-serial", $"file:{directory.File("console")}",
            "-serial", Listening(directory, "commands"),
            "-serial", Listening(directory, "reports"),
            .. source]);
        try
        {
            return new Guest(
                directory,
                qemu,
                await QemuMonitor.ConnectAsync(directory.File("monitor")),
                await SerialPort.ConnectAsync(directory.File("commands")),
                await SerialPort.ConnectAsync(directory.File("reports")),
                lastCommand);
        }
        catch (Exception e) when (e is TimeoutException or IOException or System.Net.Sockets.SocketException)
        {
            var evidence = qemu.Evidence;
            await qemu.DisposeAsync();
            directory.Dispose();
            throw new InvalidOperationException($"QEMU did not start: {evidence}", e);
        }
    }

    private static string Listening(TemporaryDirectory directory, string name) => $"unix:{directory.File(name)},server=on,wait=off";

    private async Task ContinueAsync()
    {
        ContinuedAt = TimeProvider.System.GetTimestamp();
        await _monitor.ExecuteAsync("cont");
    }
}
