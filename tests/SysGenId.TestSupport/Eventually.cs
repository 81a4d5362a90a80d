using System.Runtime.CompilerServices;

namespace SysGenId.TestSupport;

/// <summary>
/// Waits until something is so. The only place where a test lets time pass: everything else states the
/// condition it waits for, so that a slow machine makes tests slower, not red.
/// </summary>
internal static class Eventually
{
    /// <summary>Long enough for a loaded two-CPU machine; reached only by a test that fails.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(5);

    /// <summary>Returns once the condition holds.</summary>
    /// <exception cref="TimeoutException">It did not hold in time; names the condition as written in the test.</exception>
    public static Task HoldsAsync(
        Func<bool> condition, TimeSpan? within = null, [CallerArgumentExpression(nameof(condition))] string what = "") =>
        HoldsAsync(() => Task.FromResult(condition()), within, what);

    /// <inheritdoc cref="HoldsAsync(Func{bool}, TimeSpan?, string)"/>
    public static async Task HoldsAsync(
        Func<Task<bool>> condition, TimeSpan? within = null, [CallerArgumentExpression(nameof(condition))] string what = "")
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(start) > (within ?? Patience))
                throw new TimeoutException($"Waited {(within ?? Patience).TotalSeconds:0.#} s in vain for: {what}");
            await Task.Delay(Interval, TimeProvider.System);
        }
    }

    /// <summary>Returns the first result that is not null.</summary>
    /// <exception cref="TimeoutException">There was none in time.</exception>
    public static async Task<T> ReturnsAsync<T>(
        Func<T?> probe, TimeSpan? within = null, [CallerArgumentExpression(nameof(probe))] string what = "")
        where T : class
    {
        T? found = null;
        await HoldsAsync(() => (found = probe()) is not null, within, what);
        return found!;
    }
}
