namespace SysGenId.Conformance.Tests.Interfaces;

/// <summary>A view that also tells whether the node's gate is proven (S27).</summary>
internal interface IGateView : IPodView
{
    Task<bool> IsGateProvenAsync();
}
