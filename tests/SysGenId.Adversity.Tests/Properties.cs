using System.Runtime.Versioning;

[assembly: SupportedOSPlatform("linux")]

// Latency is bounded here, and what is killed at random shares two CPUs with those who must not notice.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
