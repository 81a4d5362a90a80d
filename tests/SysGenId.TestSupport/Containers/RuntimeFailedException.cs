namespace SysGenId.TestSupport.Containers;

/// <summary>A runtime refused; the message carries its log and what CRIU complained of.</summary>
internal sealed class RuntimeFailedException : Exception
{
    public RuntimeFailedException(string command, string runtimeLog, string criuLog)
        : base($"`{command}` failed.\n{runtimeLog}\nCRIU:\n{Complaints(criuLog)}") => CriuLog = criuLog;

    /// <summary>All that CRIU logged; empty when it was not reached.</summary>
    public string CriuLog { get; }

    private static string Complaints(string log) =>
        string.Join('\n', log.Split('\n').Where(line => line.Contains("Error") || line.Contains("Warn")).TakeLast(20));
}
