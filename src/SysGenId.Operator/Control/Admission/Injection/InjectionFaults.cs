namespace SysGenId.Operator.Control.Admission.Injection;

/// <summary>Everything that keeps a pod from being injected as it asks.</summary>
internal sealed class InjectionFaults
{
    private readonly List<(InjectionReason Reason, string Text)> _faults = [];

    public bool Any => _faults.Count > 0;

    /// <param name="reason">Its code; that of the first fault is the decision's.</param>
    /// <param name="text">A clause that says what is wrong and what would be right.</param>
    public void Add(InjectionReason reason, string text) => _faults.Add((reason, text));

    /// <summary>The decision that names them all.</summary>
    public InjectionDecision ToDecision() =>
        new(_faults[0].Reason, $"SysGenId cannot be injected into this pod: {string.Join("; ", _faults.Select(fault => fault.Text))}.");
}
