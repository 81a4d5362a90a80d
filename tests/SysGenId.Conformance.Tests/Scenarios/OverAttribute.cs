using System.Reflection;
using SysGenId.Conformance.Tests.Interfaces;
using Xunit.Sdk;
using Xunit.v3;

namespace SysGenId.Conformance.Tests.Scenarios;

/// <summary>Runs a scenario over every interface that can express what it asks for.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class OverAttribute(params Capability[] needs) : DataAttribute
{
    public IReadOnlyList<Capability> Needs { get; } = needs;

    /// <summary>What of it an interface cannot express, in the order it is asked for.</summary>
    public IReadOnlyList<Capability> MissingFrom(IGenerationInterface one) => [.. Needs.Where(one.Inexpressible.ContainsKey)];

    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) =>
        new([.. AllInterfaces.AndModels.Where(one => MissingFrom(one).Count == 0).Select(one => new TheoryDataRow(one.Name))]);

    public override bool SupportsDiscoveryEnumeration() => true;
}
