namespace SysGenId.Client;

/// <summary>No system generation can be read here. The message says where it was looked for, what is wrong, and what to do.</summary>
public sealed class SystemGenerationUnavailableException : Exception
{
    /// <summary>Nothing can be read, for no reason known.</summary>
    public SystemGenerationUnavailableException()
    {
    }

    /// <summary>Nothing can be read.</summary>
    /// <param name="message">Where it was looked for, what is wrong, and what to do.</param>
    public SystemGenerationUnavailableException(string message)
        : base(message)
    {
    }

    /// <summary>Nothing can be read.</summary>
    /// <param name="message">Where it was looked for, what is wrong, and what to do.</param>
    /// <param name="innerException">The error of the system.</param>
    public SystemGenerationUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
