namespace SysGenId.Conformance.Tests.Interfaces;

/// <summary>An interface through which a pod of a real node can be looked at.</summary>
internal interface INodeInterface : IGenerationInterface
{
    /// <summary>Looks at the pod whose sidecar serves this directory.</summary>
    IPodView Look(string directory);
}
