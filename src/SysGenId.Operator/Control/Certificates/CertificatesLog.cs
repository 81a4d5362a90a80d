using Microsoft.Extensions.Logging;

namespace SysGenId.Operator.Control.Certificates;

/// <summary>Log events of the webhook's certificates.</summary>
internal static partial class CertificatesLog
{
    [LoggerMessage(420, LogLevel.Information, "Serving with the certificate {Thumbprint} of {Source}, valid until {NotAfter:u}")]
    public static partial void Loaded(this ILogger log, string thumbprint, string source, DateTimeOffset notAfter);

    [LoggerMessage(421, LogLevel.Warning, "{Source} holds no usable certificate, what was loaded before stays in use: {Fault}")]
    public static partial void Unusable(this ILogger log, string source, string fault);

    [LoggerMessage(422, LogLevel.Information, "Secret {Secret} written ({Action}): {Authorities} authorities, serving certificate valid until {NotAfter:u}")]
    public static partial void Written(this ILogger log, string secret, CertificateAction action, int authorities, DateTimeOffset notAfter);

    [LoggerMessage(423, LogLevel.Information, "caBundle of {Count} webhook(s) in {Configuration} set to {Authorities} authorities")]
    public static partial void Trusted(this ILogger log, int count, string configuration, int authorities);

    [LoggerMessage(424, LogLevel.Warning, "There is no MutatingWebhookConfiguration {Configuration}: no pod is injected until there is")]
    public static partial void ConfigurationMissing(this ILogger log, string configuration);
}
