namespace SysGenId.Operator.Api;

/// <summary>What is asked of a node. Everything left out is as the agent was started.</summary>
internal sealed class SystemGenerationSpec
{
    /// <summary>The generation is raised to at least this: 0 to 4294967295; never lowered.</summary>
    public long? MinimumGeneration { get; set; }

    /// <summary>Who sees the generation of a container restore: <c>Node</c> or <c>Pod</c> (S26).</summary>
    public string? RestoreScope { get; set; }

    /// <summary>What a restore comes to that could not be published in time: <c>Fail</c> or <c>Ignore</c> (S25).</summary>
    public string? RestoreFailurePolicy { get; set; }

    /// <summary>How long a checkpoint or restore is held at most: a duration from 10ms to 60s.</summary>
    public string? PublishTimeout { get; set; }
}
