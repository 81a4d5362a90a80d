using System.Runtime.Versioning;

[assembly: SupportedOSPlatform("linux")]

// Containers, CRIU and the clocks of the test programs share two CPUs; side by side they measure each other.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

[assembly: AssemblyFixture(typeof(SysGenId.Checkpoint.Tests.StandingNodes))]
