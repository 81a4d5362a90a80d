namespace SysGenId.TestSupport.Containers;

/// <summary>Calls one runtime inside a namespace. Knows in what runc and crun differ; nothing else does.</summary>
internal sealed class RuntimeCommand
{
    // A container keeps the standard streams its runtime was started with, and CRIU cannot dump
    // one that is a file outside: the runtime gets /dev/null and logs to a file.
    private const string Detached = """exec "$@" </dev/null >/dev/null 2>&1""";

    private readonly CheckpointNamespace _namespace;
    private readonly ContainerRuntime _runtime;

    public RuntimeCommand(CheckpointNamespace owner, ContainerRuntime runtime)
    {
        _namespace = owner;
        _runtime = runtime;
    }

    private string Program => _runtime == ContainerRuntime.Runc ? "runc" : "crun";

    // crun cannot restore the controllers' settings it dumped itself.
    private string[] CgroupMode => _runtime == ContainerRuntime.Runc ? [] : ["--manage-cgroups-mode", "ignore"];

    public Task RunAsync(string name, string bundle) => CallAsync(null, ["run", "-d", "--bundle", bundle, name]);

    public Task CheckpointAsync(string name, string images, string work, bool leaveRunning) =>
        CallAsync(
            Path.Combine(work, "dump.log"),
            ["checkpoint", .. CgroupMode, "--image-path", images, "--work-path", work, .. leaveRunning ? (string[])["--leave-running"] : [], name]);

    public Task PreDumpAsync(string name, string images, string work) =>
        CallAsync(
            Path.Combine(work, "dump.log"),
            ["checkpoint", .. CgroupMode, "--pre-dump", "--image-path", images, "--work-path", work, name]);

    /// <summary>Restores a container into the cgroup its new bundle names; <paramref name="recorded"/> is the one it was dumped in.</summary>
    public Task RestoreAsync(string name, string images, string work, string bundle, string recorded)
    {
        // In this mode CRIU puts the tasks into the recorded cgroup, which must exist; crun moves them on afterwards.
        if (_runtime == ContainerRuntime.Crun)
            _namespace.CreateCgroup(recorded);
        return CallAsync(
            Path.Combine(work, "restore.log"),
            ["restore", "-d", .. CgroupMode, "--image-path", images, "--work-path", work, "--bundle", bundle, name]);
    }

    /// <summary>Kills and forgets a container; also one that is gone.</summary>
    public Task DeleteAsync(string name) => _namespace.RunAsync(Program, "delete", "--force", name);

    /// <summary>The state as the runtime sees it (pid, status); null when there is no such container.</summary>
    public async Task<ContainerState?> StateAsync(string name)
    {
        var result = await _namespace.RunAsync(Program, "state", name);
        return result.ExitCode == 0 ? ContainerState.Parse(result.Output) : null;
    }

    private async Task CallAsync(string? criuLog, IReadOnlyList<string> arguments)
    {
        var log = Path.Combine(_namespace.Disk, _namespace.UniqueName(Program) + ".log");
        var logOption = _runtime == ContainerRuntime.Runc ? log : "file:" + log;
        var result = await _namespace.RunAsync("sh", ["-c", Detached, "sh", Program, $"--log={logOption}", .. arguments]);
        if (result.ExitCode != 0)
            throw new RuntimeFailedException($"{Program} {string.Join(' ', arguments)}", Read(log), Read(criuLog));
    }

    private static string Read(string? path) => File.Exists(path) ? File.ReadAllText(path) : "";
}
