using SysGenId.Cli.Sockets;

namespace SysGenId.Cli.Diagnosis;

/// <summary>Looks at everything SysGenId needs, one check after the other, on a node or in a pod.</summary>
internal sealed class Doctor(CommandContext context, string socket, string criuConfiguration)
{
    private readonly Machine _machine = context.Machine;

    /// <summary>All checks, in the order they are shown.</summary>
    public IEnumerable<Check> Examine(bool selfTest)
    {
        using var server = Connect(out var problem);
        return server?.Role == SocketRole.Pod
            ? [.. ExaminePod(new ServerChecks(server), selfTest)]
            : [.. ExamineNode(server, problem, selfTest)];
    }

    private IEnumerable<Check> ExaminePod(ServerChecks sidecar, bool selfTest)
    {
        var kernel = new KernelChecks(_machine);
        foreach (var check in kernel.System()) yield return check;
        yield return kernel.Futex();
        yield return new DeviceCheck(_machine).Run(inPod: true);
        foreach (var check in Ask(sidecar.Pod(), "sidecar")) yield return check;
        if (selfTest) yield return Check.Fail("self-test", "a pod cannot test the node", "Run `sysgenid doctor --self-test` on the node.");
    }

    private IEnumerable<Check> ExamineNode(ServerConnection? server, Check? problem, bool selfTest)
    {
        var kernel = new KernelChecks(_machine);
        foreach (var check in kernel.System().Concat(kernel.Node())) yield return check;
        foreach (var check in new CriuChecks(_machine, criuConfiguration).All()) yield return check;
        foreach (var check in new HookChecks(_machine, criuConfiguration).All()) yield return check;
        yield return new VirtualMachineChecks(_machine).Sources();
        yield return new DeviceCheck(_machine).Run(inPod: false);
        if (problem is not null) yield return problem;
        if (server is not null)
        {
            var agent = new ServerChecks(server);
            foreach (var check in Ask(agent.Node(), "agent")) yield return check;
            if (selfTest) foreach (var check in Ask(Once(agent.SelfTest), "self-test")) yield return check;
        }
        else if (selfTest)
        {
            yield return Check.Fail("self-test", "there is no agent to ask", "Start the agent first.");
        }
    }

    private ServerConnection? Connect(out Check? problem)
    {
        try
        {
            problem = null;
            return ServerConnection.Open(socket, context.Clock);
        }
        catch (CommandFailure failure)
        {
            problem = Problem("agent", failure);
            return null;
        }
    }

    // A server that stops answering is a finding, too, and what was found before it stands.
    private static List<Check> Ask(IEnumerable<Check> checks, string name)
    {
        var found = new List<Check>();
        try
        {
            foreach (var check in checks) found.Add(check);
        }
        catch (CommandFailure failure)
        {
            found.Add(Problem(name, failure));
        }

        return found;
    }

    private static IEnumerable<Check> Once(Func<Check> check)
    {
        yield return check();
    }

    private static Check Problem(string name, CommandFailure failure) =>
        Check.Fail(name, failure.Message, failure.Advice ?? "See the log of the agent or sidecar.");
}
