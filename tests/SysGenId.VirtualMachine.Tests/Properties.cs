using System.Runtime.Versioning;

[assembly: SupportedOSPlatform("linux")]

// One guest at a time: an emulated processor takes a real one, and what is measured in it shares the rest.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

[assembly: AssemblyFixture(typeof(SysGenId.VirtualMachine.Tests.StandingSnapshot))]
