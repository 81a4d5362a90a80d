namespace SysGenId.Chart.Tests.Values;

/// <summary>A value with its comment, or a key without.</summary>
/// <param name="Path">Such as <c>agent.port</c>.</param>
/// <param name="Comment">The lines above it, joined; empty when there is none.</param>
internal sealed record ValueEntry(string Path, string Comment)
{
    public bool IsIn(ValueEntry other) => Path.StartsWith(other.Path + ".", StringComparison.Ordinal);
}
