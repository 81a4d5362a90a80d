namespace SysGenId.TestSupport.Containers;

/// <summary>A file or directory of the host inside a container.</summary>
internal sealed record BindMount(string Source, string Destination, bool Writable = false);
