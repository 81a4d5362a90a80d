using Microsoft.Extensions.Options;

namespace SysGenId.Extensions.Hosting.Rounds;

/// <summary>Finds all faults of the options at once.</summary>
internal sealed class OptionsValidation : IValidateOptions<SystemGenerationOptions>
{
    private const int MostAttempts = 1_000_000;

    private static readonly TimeSpan _shortest = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan _longest = TimeSpan.FromHours(1);

    public ValidateOptionsResult Validate(string? name, SystemGenerationOptions options)
    {
        var faults = Faults(options).ToList();
        return faults.Count > 0 ? ValidateOptionsResult.Fail(string.Join("; ", faults)) : ValidateOptionsResult.Success;
    }

    // What is wrong with those of the watcher it says itself, when it is opened.
    private static IEnumerable<string> Faults(SystemGenerationOptions options)
    {
        if (options.Watcher is null)
            yield return $"{nameof(options.Watcher)} must not be null";
        if (options.RetryDelay < _shortest || options.RetryDelay > _longest)
            yield return $"{nameof(options.RetryDelay)} must be 1 millisecond to 1 hour";
        if (options.MaximumRetryDelay < options.RetryDelay || options.MaximumRetryDelay > _longest)
            yield return $"{nameof(options.MaximumRetryDelay)} must be {nameof(options.RetryDelay)} to 1 hour";
        if (options.MaximumAttempts is < 0 or > MostAttempts)
            yield return $"{nameof(options.MaximumAttempts)} must be 0 to {MostAttempts}";
    }
}
