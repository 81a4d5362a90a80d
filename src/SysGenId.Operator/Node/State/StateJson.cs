using System.Text.Json.Serialization;

namespace SysGenId.Operator.Node.State;

/// <summary>The state file's format.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    WriteIndented = true)]
[JsonSerializable(typeof(NodeState))]
internal sealed partial class StateJson : JsonSerializerContext;
