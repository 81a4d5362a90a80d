namespace SysGenId.Extensions.Hosting.Tests;

/// <summary>A handler that writes down its calls and does what the test says.</summary>
internal sealed class RecordingHandler : IGenerationChangeHandler
{
    private readonly List<string> _calls;

    public RecordingHandler(string name, List<string> calls, int order = 0) => (Name, _calls, Order) = (name, calls, order);

    public string Name { get; }

    public int Order { get; }

    /// <summary>What a call does beyond being written down. Default: nothing.</summary>
    public Func<GenerationChange, CancellationToken, ValueTask> Behavior { get; set; } = (_, _) => ValueTask.CompletedTask;

    public List<GenerationChange> Changes { get; } = [];

    public ValueTask HandleAsync(GenerationChange change, CancellationToken cancellationToken)
    {
        lock (_calls)
        {
            _calls.Add($"{Name} {change.Current.Generation}");
            Changes.Add(change);
        }

        return Behavior(change, cancellationToken);
    }
}
