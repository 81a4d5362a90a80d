namespace SysGenId.Extensions.Hosting.Rounds;

/// <summary>How far the rounds are, of one instant.</summary>
/// <param name="Handled">The last generation that was acknowledged.</param>
/// <param name="OutdatedSince">Since when, as a timestamp of the clock, there is one that is not; null: there is none.</param>
/// <param name="FailingHandler">Who failed last and has not succeeded since.</param>
/// <param name="Failures">How often in a row.</param>
/// <param name="LastFailure">With what.</param>
internal sealed record RoundState(
    uint Handled, long? OutdatedSince = null, string? FailingHandler = null, int Failures = 0, Exception? LastFailure = null);
