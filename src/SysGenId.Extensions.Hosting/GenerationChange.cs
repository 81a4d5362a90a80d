using SysGenId.Client;

namespace SysGenId.Extensions.Hosting;

/// <summary>What a handler is told.</summary>
/// <param name="Current">The generation to adapt to: number, name (S24), cause and time, of one instant.</param>
/// <param name="Handled">The last generation that all handlers have succeeded for, or that the watcher was opened at (S05).</param>
/// <param name="IsStart">
/// The host starts and <see cref="SystemGenerationOptions.RunHandlersAtStart"/> is set: nothing has changed, the handler
/// makes for the first time what it will renew later.
/// </param>
public sealed record GenerationChange(GenerationInfo Current, uint Handled, bool IsStart);
