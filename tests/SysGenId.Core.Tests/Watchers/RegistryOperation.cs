namespace SysGenId.Core.Tests.Watchers;

/// <summary>One call of a registry, as data: the registry and its model carry out the same.</summary>
/// <param name="Kind">Which call.</param>
/// <param name="Index">Which watcher, wait or container it is about; how many for those expected.</param>
/// <param name="Value">The generation it names.</param>
internal sealed record RegistryOperation(RegistryOperationKind Kind, int Index, uint Value)
{
    public string Container => (Index & 1) == 0 ? "even" : "odd";

    public int Count => Index / 2;

    /// <summary>The generation the caller has handled; every third caller has handled none.</summary>
    public uint? Handled => Index % 3 == 0 ? null : Value;
}
