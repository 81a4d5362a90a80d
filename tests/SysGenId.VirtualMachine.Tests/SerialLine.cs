namespace SysGenId.VirtualMachine.Tests;

/// <summary>A line that a guest wrote to a serial port, and when its end was here (<see cref="TimeProvider.GetTimestamp"/>).</summary>
internal readonly record struct SerialLine(string Text, long ArrivedAt);
