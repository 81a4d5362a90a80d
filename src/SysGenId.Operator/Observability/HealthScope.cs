namespace SysGenId.Operator.Observability;

/// <summary>What a failed probe means.</summary>
internal enum HealthScope
{
    /// <summary>The process cannot recover by itself: it is to be started again. Fails <c>/healthz</c> and <c>/readyz</c>.</summary>
    Live,

    /// <summary>It cannot serve now, and may later. Fails <c>/readyz</c> only.</summary>
    Ready,
}
