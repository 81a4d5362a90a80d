using System.Net.Sockets;
using SysGenId.Core.Generations;
using SysGenId.Core.Protocol;

namespace SysGenId.Sidecar.Tests.Fixture;

/// <summary>The agent's end of a sidecar's connection.</summary>
internal sealed class AgentSide(Socket socket) : LineClient(socket)
{
    /// <summary>Receives the registration and takes it.</summary>
    public Message TakeRegistration()
    {
        var registration = Receive();
        Assert.Equal(Operation.Register, registration.Op);
        Send(Message.Success);
        return registration;
    }

    /// <summary>Delivers a change and waits until it is confirmed.</summary>
    public Message Deliver(uint generation, uint? minimum = null, Guid? id = null, bool? gateProven = null)
    {
        Send(Change(generation, minimum, id, gateProven));
        return Receive(Operation.Published);
    }

    public static Message Change(uint generation, uint? minimum = null, Guid? id = null, bool? gateProven = null) => new()
    {
        Op = Operation.Generation,
        Generation = generation,
        Minimum = minimum,
        Id = id ?? Guid.NewGuid(),
        Cause = GenerationCause.ContainerRestored,
        TimeNs = 1_700_000_000_000_000_000,
        GateProven = gateProven,
    };

    /// <summary>Begins a checkpoint and waits until the sidecar has closed everything.</summary>
    public Message Quiesce(string checkpoint, string container = "app")
    {
        Send(new Message { Op = Operation.Quiesce, Checkpoint = checkpoint, Container = container });
        return Receive(Operation.Quiesced);
    }

    public void Resume(string checkpoint) => Send(new Message { Op = Operation.Resume, Checkpoint = checkpoint });

    public void ExpectWatchers(string container, int count) =>
        Send(new Message { Op = Operation.ExpectWatchers, Container = container, Count = count });
}
