using SysGenId.Core.Transport;

namespace SysGenId.Operator.Node.Ports;

/// <summary>
/// Through it the rest of the process looks at the agent and tells it what is asked. Thread-safe. It never holds the
/// agent up: questions wait for the agent's thread, not the other way round.
/// </summary>
internal sealed class NodePort
{
    private readonly TaskCompletionSource<NodeDesk> _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private EventLoop? _loop;

    /// <summary>
    /// Raised on the agent's thread, must not block: something is other than in the last <see cref="ReportAsync"/>. Raised
    /// once; again only after the next.
    /// </summary>
    public event Action? Changed;

    /// <summary>How the node is now; waits until the agent serves.</summary>
    /// <exception cref="OperationCanceledException">Cancelled, or the agent has ended.</exception>
    public Task<NodeSnapshot> LookAsync(CancellationToken stop) => AskAsync(desk => desk.Look(), stop);

    /// <summary>How the node is now, and what happened since the last call: for one caller alone.</summary>
    /// <exception cref="OperationCanceledException">Cancelled, or the agent has ended.</exception>
    public Task<NodeReport> ReportAsync(CancellationToken stop) => AskAsync(desk => desk.Report(), stop);

    /// <summary>Has the agent do what is asked: null, or a sentence on what it could not do.</summary>
    /// <exception cref="OperationCanceledException">Cancelled, or the agent has ended.</exception>
    public Task<string?> ApplyAsync(NodeSpec spec, CancellationToken stop) => AskAsync(desk => desk.Apply(spec), stop);

    /// <summary>Has the agent go above what somebody else remembers of this node: null, or a sentence on why it could not.</summary>
    /// <exception cref="OperationCanceledException">Cancelled, or the agent has ended.</exception>
    public Task<string?> GoAboveAsync(uint known, Guid? name, CancellationToken stop) => AskAsync(desk => desk.GoAbove(known, name), stop);

    /// <summary>Whether this node gave that name to one of its generations, as far as it remembers.</summary>
    /// <exception cref="OperationCanceledException">Cancelled, or the agent has ended.</exception>
    public Task<bool> KnowsAsync(Guid name, CancellationToken stop) => AskAsync(desk => desk.Knows(name), stop);

    /// <summary>Has the agent go above what another lineage of its node has reached: null, or a sentence on why it could not.</summary>
    /// <exception cref="OperationCanceledException">Cancelled, or the agent has ended.</exception>
    public Task<string?> GoPastAsync(uint reached, CancellationToken stop) => AskAsync(desk => desk.GoPast(reached), stop);

    /// <summary>The agent serves. Its thread only.</summary>
    internal void Open(EventLoop loop, NodeDesk desk)
    {
        lock (_lock)
        {
            _loop = loop;
        }

        _opened.TrySetResult(desk);
    }

    /// <summary>The agent ends; questions from here on are cancelled.</summary>
    internal void Close()
    {
        lock (_lock)
        {
            _loop = null;
        }

        _opened.TrySetCanceled();
        _ended.TrySetResult();
    }

    internal void RaiseChanged() => Changed?.Invoke();

    private async Task<T> AskAsync<T>(Func<NodeDesk, T> question, CancellationToken stop)
    {
        var desk = await _opened.Task.WaitAsync(stop).ConfigureAwait(false);
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            // The loop's own signal is closed with the agent.
            _loop?.Post(() => answer.TrySetResult(question(desk)));
        }

        await Task.WhenAny(answer.Task, _ended.Task).WaitAsync(stop).ConfigureAwait(false);
        return answer.Task.IsCompleted ? await answer.Task.ConfigureAwait(false) : throw new OperationCanceledException("the agent has ended");
    }
}
