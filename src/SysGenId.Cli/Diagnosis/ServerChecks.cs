using SysGenId.Cli.Commands;
using SysGenId.Cli.Sockets;
using SysGenId.Core;
using SysGenId.Core.CounterPage;
using SysGenId.Core.Linux;
using SysGenId.Core.Protocol;

namespace SysGenId.Cli.Diagnosis;

/// <summary>Does agent or sidecar answer, and what does it say of itself?</summary>
internal sealed class ServerChecks(ServerConnection server)
{
    // A checkpoint and a restore of a small process, on a slow machine.
    private static readonly TimeSpan _selfTestLimit = TimeSpan.FromMinutes(2);

    /// <summary>The agent's account of itself.</summary>
    public IEnumerable<Check> Node()
    {
        var status = StatusCommand.Ask(server);
        yield return Check.Ok("agent", $"answers at {server.Path}, version {server.ServerVersion}, generation {status.RequiredGeneration(MessageField.Generation)}");
        yield return Page(status);
        if (status.Part(AnswerField.State) is { } state) yield return State(state);
        yield return Gate(status.Part(AnswerField.Gate));
        if (new MachineSources(status) is { AreKnown: true } sources) yield return Machine(sources);
    }

    /// <summary>The sidecar's account of itself.</summary>
    public IEnumerable<Check> Pod()
    {
        var status = StatusCommand.Ask(server);
        yield return Check.Ok("sidecar", $"answers at {server.Path}, version {server.ServerVersion}, generation {status.RequiredGeneration(MessageField.Generation)}");
        yield return Page(status);
        yield return status.Flag(MessageField.AgentConnected) != false
            ? Check.Ok("agent", "the sidecar is connected to the node's agent")
            : Check.Fail("agent", "the sidecar has no connection to the node's agent", "Bumps do not arrive: see on the node that the agent runs.");
        yield return status.Flag(MessageField.GateProven) != false
            ? Check.Ok("gate", "proven on this node")
            : Check.Warn("gate", "not proven on this node: a restore may go unnoticed", "Run `sysgenid doctor` on the node.");
    }

    /// <summary>Has the agent checkpoint and restore a process of its own (S27).</summary>
    public Check SelfTest()
    {
        var answer = server.Ask(Message.Request(Operation.ProveGate), _selfTestLimit);
        if (answer.IsOk) return Check.Ok("self-test", "a process was checkpointed and restored, and the hook was there before it ran");
        var refusal = ServerRefusal.Of(answer, server.Role);
        var advice = answer.Error == ErrorCode.GateUnproven ? "See the checks of CRIU and the hook above, and the agent's log." : refusal.Advice;
        return Check.Fail("self-test", refusal.Message, advice ?? "See the agent's log.");
    }

    private Check Page(Answer status)
    {
        var path = SystemPaths.Beside(server.Path, SystemPaths.PageName);
        try
        {
            using var page = CounterPageReader.Open(path);

            // A bump may come between the answer and this look; the other order is what cannot be.
            return page.Generation >= status.RequiredGeneration(MessageField.Generation)
                ? Check.Ok("page", $"{path} shows generation {page.Generation}")
                : Check.Fail("page", $"{path} shows generation {page.Generation}, less than its owner says", "It is not its owner's page: remove it and restart the owner.");
        }
        catch (CounterPageException fault)
        {
            return Check.Fail("page", fault.Message, "Remove it and restart its owner.");
        }
        catch (LinuxException fault)
        {
            return Check.Fail("page", $"{path} cannot be read ({fault.Error})", "See the log of its owner: agent or sidecar.");
        }
    }

    private static Check State(Answer state)
    {
        var path = state.Text(AnswerField.Path) ?? "the state file";
        return state.Flag(AnswerField.Writable) != false
            ? Check.Ok("state", $"{path} is writable")
            : Check.Fail("state", Reasoned($"{path} is not writable", state), "Make room on its file system or make it writable; the agent goes on by itself.");
    }

    private static Check Gate(Answer? gate) => gate?.Flag(AnswerField.Proven) switch
    {
        true => Check.Ok("gate", "proven: a restored process cannot run before its pages show the new generation"),
        false => Check.Fail("gate", Reasoned("not proven", gate), "Mend what the checks of CRIU and the hook say, then run `sysgenid doctor --self-test`."),
        null => Check.Warn("gate", "the agent says nothing about it", "Run `sysgenid doctor --self-test`."),
    };

    private static Check Machine(MachineSources sources)
    {
        if (sources.Faults.Count > 0)
            return Check.Fail("sources", string.Join("; ", sources.Faults), "Clones and rollbacks of this machine may go unnoticed: give the agent access, or bump by hand after a restore.");
        return Check.Ok("sources", sources.Active.Count > 0 ? $"the agent follows {string.Join(", ", sources.Active)}" : "there is nothing to follow on this machine");
    }

    private static string Reasoned(string verdict, Answer part) =>
        part.Text(AnswerField.Message) is { Length: > 0 } reason ? $"{verdict}: {reason}" : verdict;
}
