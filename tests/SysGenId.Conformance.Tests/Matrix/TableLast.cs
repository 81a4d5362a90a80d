using Xunit.Sdk;
using Xunit.v3;

namespace SysGenId.Conformance.Tests.Matrix;

/// <summary>Runs the tests of the table when all scenarios have run.</summary>
public sealed class TableLast : ITestCollectionOrderer
{
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(one => one.TestCollectionDisplayName.Contains(nameof(TableTests), StringComparison.Ordinal))];
}
