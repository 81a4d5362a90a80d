namespace SysGenId.Operator.Control.Admission;

/// <summary>Counts what the webhook decided. Thread-safe.</summary>
internal interface IAdmissionMetrics
{
    /// <param name="reason">The decision's stable reason code.</param>
    /// <param name="elapsed">From the request's arrival to its answer.</param>
    void Decided(string reason, TimeSpan elapsed);
}
