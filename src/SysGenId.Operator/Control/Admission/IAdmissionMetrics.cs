namespace SysGenId.Operator.Control.Admission;

/// <summary>Counts what the webhook decided. Thread-safe.</summary>
internal interface IAdmissionMetrics
{
    /// <param name="decision">What becomes of the pod: a stable word such as <c>injected</c>, <c>skipped</c> or <c>denied</c>.</param>
    /// <param name="reason">The decision's stable reason code.</param>
    /// <param name="elapsed">From the request's arrival to its answer.</param>
    void Decided(string decision, string reason, TimeSpan elapsed);
}
