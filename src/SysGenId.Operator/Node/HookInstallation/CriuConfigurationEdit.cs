namespace SysGenId.Operator.Node.HookInstallation;

/// <summary>What became of an edit.</summary>
/// <param name="Fault">Anything but <see cref="MarkerFault.None"/>: nothing was edited.</param>
/// <param name="Text">The text after it.</param>
/// <param name="Before">Our block as it was, if there was one.</param>
internal sealed record CriuConfigurationEdit(MarkerFault Fault, byte[] Text, CriuConfigurationBlock? Before);
