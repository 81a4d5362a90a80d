using System.Runtime.Versioning;
using SysGenId.Conformance.Tests.Matrix;

[assembly: SupportedOSPlatform("linux")]

// The table comes last: it tells of what ran before.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
[assembly: TestCollectionOrderer(typeof(TableLast))]
[assembly: AssemblyFixture(typeof(SysGenId.Conformance.Tests.Nodes.Journeys))]
