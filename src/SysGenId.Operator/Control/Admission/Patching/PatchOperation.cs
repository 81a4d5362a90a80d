namespace SysGenId.Operator.Control.Admission.Patching;

/// <summary>One step of a JSON patch (RFC 6902).</summary>
/// <param name="Op"><c>add</c> or <c>move</c>: nothing is ever removed or replaced that a pod came with.</param>
/// <param name="Path">A JSON pointer.</param>
/// <param name="Value">What is added: a model of the client library, or a list of them.</param>
/// <param name="From">Where it is moved from.</param>
internal sealed record PatchOperation(string Op, string Path, object? Value = null, string? From = null);
