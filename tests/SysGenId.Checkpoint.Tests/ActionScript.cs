using SysGenId.TestSupport.Containers;

namespace SysGenId.Checkpoint.Tests;

/// <summary>A shell script that CRIU runs at every stage; it records the stage, then does what the test wants.</summary>
internal sealed class ActionScript
{
    private const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly string _record;
    private readonly string _path;

    public ActionScript(CheckpointNamespace owner, string action = "true")
    {
        _path = Path.Combine(owner.Disk, owner.UniqueName("action"));
        _record = _path + ".stages";
        File.WriteAllText(_path, $"#!/bin/sh\necho $CRTOOLS_SCRIPT_ACTION >> {_record}\n{action}\n");
        File.SetUnixFileMode(_path, Executable);
    }

    /// <summary>The line that makes CRIU run it.</summary>
    public string ConfigurationLine => $"action-script {_path}\n";

    /// <summary>The stages it was called at, in order.</summary>
    public IReadOnlyList<string> Stages => File.Exists(_record) ? File.ReadAllLines(_record) : [];
}
