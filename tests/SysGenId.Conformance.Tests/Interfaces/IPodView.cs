namespace SysGenId.Conformance.Tests.Interfaces;

/// <summary>What an interface shows of a pod.</summary>
internal interface IPodView : IAsyncDisposable
{
    /// <summary>The pod's generation.</summary>
    uint Generation { get; }

    /// <summary>The generation's name (S24).</summary>
    Guid Id { get; }

    /// <summary>Forces the pod's generation, as a caller with the capability (S13).</summary>
    Task<Change> ForceAsync(uint minimum);
}
