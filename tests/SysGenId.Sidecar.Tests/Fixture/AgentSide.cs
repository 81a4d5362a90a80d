using System.Net.Sockets;
using SysGenId.Core.Generations;
using SysGenId.Core.Linux;
using SysGenId.Core.Protocol;

namespace SysGenId.Sidecar.Tests.Fixture;

/// <summary>The agent's end of a sidecar's connection.</summary>
internal sealed class AgentSide(Socket socket) : LineClient(socket)
{
    private readonly List<Descriptor> _descriptors = [];

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

    /// <summary>As <see cref="Quiesce"/>; also the pids of the processes it was shown before, one for each watcher.</summary>
    public (List<int> Shown, Message Quiesced) QuiesceShown(string checkpoint)
    {
        Send(new Message { Op = Operation.Quiesce, Checkpoint = checkpoint, Container = "app" });
        var shown = new List<int>();
        while (true)
        {
            var message = Receive();
            if (message.Op == Operation.Quiesced) return (shown, message);
            if (message.Op != Operation.WatcherPeers) continue;
            Assert.Equal(checkpoint, message.Checkpoint);
            shown.AddRange(_descriptors.Take(message.Watchers!.Value).Select(process => PidFd.ProcessId(process)!.Value));
            _descriptors.Take(message.Watchers.Value).ToList().ForEach(process => process.Dispose());
            _descriptors.RemoveRange(0, message.Watchers.Value);
        }
    }

    public void Resume(string checkpoint) => Send(new Message { Op = Operation.Resume, Checkpoint = checkpoint });

    public void ExpectWatchers(string container, int count) =>
        Send(new Message { Op = Operation.ExpectWatchers, Container = container, Count = count });

    protected override int ReceiveBytes(byte[] buffer)
    {
        var borrowed = new Descriptor((int)Socket.Handle);
        int count;
        Errno error;
        do
        {
            count = DescriptorMessage.Receive(borrowed, buffer, _descriptors, out error);
        }
        while (count < 0 && error == Errno.EINTR);
        borrowed.SetHandleAsInvalid();
        return count >= 0 ? count : throw new IOException($"{error}");
    }
}
