using SysGenId.Core.Linux;
using SysGenId.Core.Protocol;
using SysGenId.Sidecar.Watching;

namespace SysGenId.Sidecar.Agent;

/// <summary>
/// Shows the agent the processes whose watchers were disconnected: it can see which container each is in, and we cannot.
/// Loop thread only.
/// </summary>
internal sealed class WatcherPeers(AgentLink link, DisconnectedProcesses disconnected)
{
    /// <summary>Shows all that are held. Those that do not get through the agent takes to be of any container.</summary>
    public void Show(string checkpoint)
    {
        foreach (var held in disconnected.Held().Chunk(DescriptorMessage.MaximumDescriptors))
        {
            var line = MessageWriter.ToLine(new Message { Op = Operation.WatcherPeers, Checkpoint = checkpoint, Watchers = held.Length });
            if (!link.TrySend(line, Array.ConvertAll(held, process => process.Number))) return;
        }
    }
}
