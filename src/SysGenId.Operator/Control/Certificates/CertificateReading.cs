namespace SysGenId.Operator.Control.Certificates;

/// <summary>What was read: a set, or a sentence why there is none.</summary>
internal sealed record CertificateReading(CertificateSet? Set, string? Fault);
