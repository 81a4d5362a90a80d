using SysGenId.Core.Protocol;

namespace SysGenId.CriuHook;

/// <summary>The end of a request to the agent.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Answer">The agent's words, when it is <see cref="AgentOutcome.Done"/> or <see cref="AgentOutcome.Refused"/>.</param>
/// <param name="Reason">For people, when it was not done: the end of a sentence that begins with what failed.</param>
internal sealed record AgentReply(AgentOutcome Outcome, Message? Answer, string Reason)
{
    public bool IsDone => Outcome == AgentOutcome.Done;
}
