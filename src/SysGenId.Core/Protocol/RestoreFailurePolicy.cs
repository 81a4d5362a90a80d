namespace SysGenId.Core.Protocol;

/// <summary>What happens to a restore whose new generation could not be published in time (S25).</summary>
internal enum RestoreFailurePolicy
{
    /// <summary>CRIU is told to give up; the restored tasks, still stopped, are killed.</summary>
    Fail,

    /// <summary>The restore goes on and the miss is recorded.</summary>
    Ignore,
}
