using System.Buffers;
using System.Text.Json;
using k8s;

namespace SysGenId.Operator.Control.Admission.Patching;

/// <summary>
/// The steps that make a pod an injected one, in the order they are applied. Because they only add to what they name,
/// everything else in the pod stays, known to this version or not.
/// </summary>
internal sealed class PodPatch
{
    private readonly List<PatchOperation> _operations = [];

    public IReadOnlyList<PatchOperation> Operations => _operations;

    public bool IsEmpty => _operations.Count == 0;

    /// <summary>Adds a member, or an element where the pointer names a place in a list.</summary>
    public void Add(string path, object value) => _operations.Add(new PatchOperation("add", path, value));

    /// <summary>Puts an element at the end of a list, or makes the list.</summary>
    /// <param name="list">The list's pointer.</param>
    /// <param name="isThere">Whether the pod has that list.</param>
    /// <param name="values">The elements.</param>
    public void Append<T>(string list, bool isThere, IReadOnlyCollection<T> values)
        where T : class
    {
        if (values.Count == 0) return;
        if (!isThere) Add(list, values);
        else foreach (var value in values) Add($"{list}/-", value);
    }

    /// <summary>Moves an element of a list.</summary>
    public void Move(string from, string to) => _operations.Add(new PatchOperation("move", to, From: from));

    /// <summary>The patch as the API server takes it. The same operations are the same bytes.</summary>
    public byte[] ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartArray();
            foreach (var operation in _operations) Write(writer, operation);
            writer.WriteEndArray();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter writer, PatchOperation operation)
    {
        writer.WriteStartObject();
        writer.WriteString("op", operation.Op);
        if (operation.From is not null) writer.WriteString("from", operation.From);
        writer.WriteString("path", operation.Path);
        if (operation.Value is not null)
        {
            writer.WritePropertyName("value");
            writer.WriteRawValue(KubernetesJson.Serialize(operation.Value));
        }

        writer.WriteEndObject();
    }
}
