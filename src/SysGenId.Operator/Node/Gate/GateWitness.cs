using System.Collections.Concurrent;

namespace SysGenId.Operator.Node.Gate;

/// <summary>What arrived of the hook during a proof. Thread-safe.</summary>
internal sealed class GateWitness : IGateWitness
{
    private readonly ConcurrentDictionary<string, bool> _seen = new();

    public void Reset() => _seen.Clear();

    public bool Saw(string operation) => _seen.ContainsKey(operation);

    /// <summary>The hook called.</summary>
    public void Note(string operation) => _seen[operation] = true;
}
