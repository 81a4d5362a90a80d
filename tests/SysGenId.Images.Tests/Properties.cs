using System.Runtime.Versioning;

[assembly: SupportedOSPlatform("linux")]

[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

[assembly: AssemblyFixture(typeof(SysGenId.Images.Tests.BuiltImages))]
