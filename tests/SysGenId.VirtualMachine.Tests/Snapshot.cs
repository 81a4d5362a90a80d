namespace SysGenId.VirtualMachine.Tests;

/// <summary>A stopped guest in a file: memory, devices and all. Every clone of it goes on from the same instruction.</summary>
/// <param name="File">Where it is.</param>
/// <param name="LastCommand">The number of the last command its shell was given.</param>
internal sealed record Snapshot(string File, int LastCommand);
