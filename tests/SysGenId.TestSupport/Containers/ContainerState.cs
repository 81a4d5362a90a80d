using System.Text.Json;

namespace SysGenId.TestSupport.Containers;

/// <summary>What a runtime says of a container.</summary>
internal sealed record ContainerState(int Pid, string Status)
{
    public static ContainerState Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return new ContainerState(
            document.RootElement.GetProperty("pid").GetInt32(), document.RootElement.GetProperty("status").GetString()!);
    }
}
