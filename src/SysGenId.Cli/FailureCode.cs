namespace SysGenId.Cli;

/// <summary>The stable words for what goes wrong on this side of the socket, beside the protocol's error codes.</summary>
internal static class FailureCode
{
    /// <summary>Nobody serves the socket, or the connection ended without an answer.</summary>
    public const string NoAnswer = "no-answer";

    /// <summary>What came back is not an answer of SysGenId.</summary>
    public const string MalformedAnswer = "malformed-answer";

    /// <summary>There is no counter page and no watch socket to follow.</summary>
    public const string NothingToWatch = "nothing-to-watch";

    /// <summary>The operation is none of this socket's.</summary>
    public const string NotHere = "not-here";

    /// <summary>A defect of this program.</summary>
    public const string Internal = "internal";
}
