namespace SysGenId.Core.CounterPage;

/// <summary>A file that should be a counter page is something else. The message says what and where.</summary>
internal sealed class CounterPageException(string message) : IOException(message);
