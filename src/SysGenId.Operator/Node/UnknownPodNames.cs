namespace SysGenId.Operator.Node;

/// <summary>There is nobody to ask.</summary>
internal sealed class UnknownPodNames : IPodNames
{
    public static readonly UnknownPodNames Instance = new();

    public PodName? Find(string? podUid) => null;
}
