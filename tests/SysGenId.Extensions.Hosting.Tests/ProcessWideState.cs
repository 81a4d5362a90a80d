namespace SysGenId.Extensions.Hosting.Tests;

/// <summary>Tests of what there is once in a process: they run when no others do.</summary>
[CollectionDefinition(nameof(ProcessWideState), DisableParallelization = true)]
public sealed class ProcessWideState;
