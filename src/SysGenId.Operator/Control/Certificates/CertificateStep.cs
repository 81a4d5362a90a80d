namespace SysGenId.Operator.Control.Certificates;

/// <summary>What is to be done now.</summary>
/// <param name="Action">Why.</param>
/// <param name="Set">What the Secret is to hold.</param>
/// <param name="LookAgain">When there will be something to do, if nothing changes before.</param>
internal sealed record CertificateStep(CertificateAction Action, CertificateSet Set, DateTimeOffset LookAgain);
