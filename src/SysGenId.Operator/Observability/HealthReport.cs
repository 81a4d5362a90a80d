using System.Text;

namespace SysGenId.Operator.Observability;

/// <summary>The answer of <c>/healthz</c> or <c>/readyz</c>: one line for each probe, in the way of Kubernetes' own components.</summary>
/// <param name="IsWell">None failed.</param>
/// <param name="Text">Such as <c>[+] loop</c> and <c>[-] state: a reason</c>.</param>
internal sealed record HealthReport(bool IsWell, string Text)
{
    /// <summary>How long one probe may take. The kubelet gives the whole answer a second by default, and all run at once.</summary>
    public static readonly TimeSpan Bound = TimeSpan.FromMilliseconds(950);

    /// <summary>Runs all probes side by side.</summary>
    public static async Task<HealthReport> OfAsync(IEnumerable<HealthProbe> probes, TimeProvider clock, CancellationToken cancellation)
    {
        var results = await Task.WhenAll(probes.Select(async probe => (probe.Name, Fault: await FaultAsync(probe, clock, cancellation).ConfigureAwait(false))))
            .ConfigureAwait(false);
        var text = new StringBuilder();
        foreach (var (name, fault) in results) text.Append(fault is null ? $"[+] {name}\n" : $"[-] {name}: {fault}\n");
        return new HealthReport(results.All(result => result.Fault is null), text.Length > 0 ? text.ToString() : "ok\n");
    }

    private static async Task<string?> FaultAsync(HealthProbe probe, TimeProvider clock, CancellationToken cancellation)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            return await probe.FaultAsync(bound.Token).WaitAsync(Bound, clock, cancellation).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            await bound.CancelAsync().ConfigureAwait(false);
            return $"No answer within {Bound.TotalMilliseconds:0} ms.";
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            // A probe that cannot tell is no reason to answer nothing at all.
            return failure.Message;
        }
    }
}
