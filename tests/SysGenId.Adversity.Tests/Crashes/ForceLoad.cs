using System.Net.Sockets;
using SysGenId.Adversity.Tests.Harness;
using SysGenId.TestSupport;
using SysGenId.TestSupport.Nodes;

namespace SysGenId.Adversity.Tests.Crashes;

/// <summary>Somebody who forces bumps, one after the other, through every crash of the agent, and remembers the answers.</summary>
internal sealed class ForceLoad : IAsyncDisposable
{
    private readonly NodeOnTrial _node;
    private readonly PodOnTrial _pod;
    private readonly Answers _answers;
    private readonly Task _forcing;
    private volatile bool _stopped;

    /// <param name="node">Whose agent is asked.</param>
    /// <param name="pod">Where the effect is waited for, as people do: without that nobody else would get a turn.</param>
    /// <param name="answers">Where the answers are kept.</param>
    public ForceLoad(NodeOnTrial node, PodOnTrial pod, Answers answers)
    {
        (_node, _pod, _answers) = (node, pod, answers);
        _forcing = Task.Run(ForceAsync);
    }

    public async ValueTask DisposeAsync()
    {
        _stopped = true;
        await _forcing;
    }

    private async Task ForceAsync()
    {
        while (!_stopped)
        {
            try
            {
                using var agent = _node.Connect();
                while (!_stopped)
                    await ForceAsync(agent);
            }
            catch (Exception failure) when (failure is SocketException or IOException)
            {
                // The agent was killed. An answer that did not come promises nothing.
                await Eventually.HoldsAsync(() => _stopped || File.Exists(_node.Socket), what: "the agent's socket is there");
            }
        }
    }

    private async Task ForceAsync(JsonLineClient agent)
    {
        var before = _answers.Highest;
        var answer = await agent.AskAsync(new { op = "force" });
        if (!answer.GetProperty("ok").GetBoolean())
        {
            _answers.Faults.Add($"force was refused: {answer}");
            return;
        }

        var generation = answer.GetProperty("generation").GetUInt32();
        _answers.Take(before, generation);
        await Eventually.HoldsAsync(() => _stopped || _pod.Generation >= generation, what: "the pod's page shows what force answered");
    }
}
