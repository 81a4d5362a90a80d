using SysGenId.Core.CounterPage;
using SysGenId.Core.Generations;
using SysGenId.Operator.Node.Generations;

namespace SysGenId.Operator.Node.State;

/// <summary>
/// Decides where a starting agent goes on (S02): pure. The counter page beside the socket lives as long as the boot
/// and is exact; the file outlives the boot and is exact if the agent ended in good order; else the ceiling bounds it.
/// </summary>
internal static class StateRecovery
{
    /// <summary>Where to go on.</summary>
    /// <param name="Current">The change to show until the next bump.</param>
    /// <param name="IsBump">Whether that is a bump of its own: numbers may have been given out that nobody knows of.</param>
    /// <param name="Reason">A sentence, when something was lost.</param>
    internal sealed record Start(GenerationChange Current, bool IsBump, string? Reason);

    /// <param name="state">What the file says; null when there is none.</param>
    /// <param name="complaint">Why a file that was there could not be used.</param>
    /// <param name="page">What the page says; null when it was never published to.</param>
    /// <param name="bootId">This boot.</param>
    /// <param name="fresh">Name and time for a change of this agent's own.</param>
    /// <param name="knownElsewhere">Asked when nothing here says how far the node had come.</param>
    public static Start Decide(
        NodeState? state, string? complaint, PageContent? page, string bootId, GenerationChange fresh, Func<uint?> knownElsewhere)
    {
        if (page is null && state is null && knownElsewhere() is { } known)
        {
            var reason = complaint ?? $"nothing on this node says how far it had come; its object says {known}";
            return new Start(Lost(fresh, Above(known), reason), IsBump: true, reason);
        }

        if (page is not { } shown) return FromFile(state, complaint, bootId, fresh);
        if (shown.Id == Guid.AllBitsSet)
        {
            // Died while writing the page: nobody was told of that change, but the page may have shown its number. Was it
            // the first change of a new page, then only the file knows how far the node had come.
            const string Torn = "the agent was killed while it wrote its counter page";
            var file = FromFile(state, complaint, bootId, fresh);
            return file.Current.Generation > shown.Generation ? file : new Start(Lost(fresh, Above(shown.Generation), Torn), IsBump: true, Torn);
        }

        // A page above the ceiling: the file is an older copy, or lost. A page below the file was left by somebody else.
        return IsExact(shown, state, bootId) ? new Start(FromPage(shown, state), IsBump: false, complaint) : FromFile(state, complaint, bootId, fresh);
    }

    // A page between a file's number and its ceiling is the newer of the two, if they are of one boot. One that outlived
    // its boot, on a disk, may have lost its last changes with the power.
    private static bool IsExact(in PageContent shown, NodeState? state, string bootId) =>
        state is null
        || shown.Generation > state.Ceiling
        || (shown.Generation >= state.Current.Generation && (state.IsClean || state.BootId == bootId));

    private static Start FromFile(NodeState? state, string? complaint, string bootId, GenerationChange fresh)
    {
        // A node that never had a bump starts at 0 (S01); one whose file is lost cannot know, so it moves.
        if (state is null && complaint is not null) return new Start(Lost(fresh, 1, complaint), IsBump: true, complaint);
        if (state is null) return new Start(fresh with { Generation = 0, Cause = GenerationCause.None, TimeNs = 0 }, IsBump: false, null);
        if (state.IsClean) return new Start(state.Current, IsBump: false, complaint);
        var reason = state.BootId == bootId
            ? $"the agent was killed and its counter page is gone; going on above {state.Ceiling}"
            : $"the machine went down with the agent running; going on above {state.Ceiling}";
        return new Start(Lost(fresh, Above(state.Ceiling), reason), IsBump: true, reason);
    }

    // The last number has nothing above it.
    private static uint Above(uint generation) => Math.Max(generation, generation + 1);

    private static GenerationChange FromPage(in PageContent shown, NodeState? state)
    {
        var (id, generation) = (shown.Id, shown.Generation);
        return state?.History.LastOrDefault(line => line.Id == id && line.Generation == generation) ?? new GenerationChange
        {
            Generation = shown.Generation,
            Id = shown.Id,
            Cause = shown.Cause,
            TimeNs = shown.TimeNs,
        };
    }

    private static GenerationChange Lost(GenerationChange fresh, uint generation, string reason) =>
        fresh with { Generation = generation, Cause = GenerationCause.AgentStateLost, Message = reason };
}
