namespace SysGenId.Extensions.Hosting;

/// <summary>What of .NET's own state <see cref="RuntimeResetHandler"/> renews.</summary>
public sealed record RuntimeResetOptions
{
    /// <summary>Whether OpenSSL's generators are reseeded; see <see cref="OpenSslRandom"/>. Default true.</summary>
    public bool ReseedOpenSsl { get; set; } = true;

    /// <summary>
    /// Whether ids of traces (<see cref="System.Diagnostics.ActivityTraceId"/>) differ between clones. From the first change on it sets
    /// <see cref="System.Diagnostics.Activity.TraceIdGenerator"/>, unless the application has. Default true.
    /// </summary>
    public bool RenewTraceIds { get; set; } = true;
}
