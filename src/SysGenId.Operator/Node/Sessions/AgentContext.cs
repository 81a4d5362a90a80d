using Microsoft.Extensions.Logging;
using SysGenId.Core.Transport;
using SysGenId.Operator.Node.Checkpoints;
using SysGenId.Operator.Node.Gate;
using SysGenId.Operator.Node.Sidecars;

namespace SysGenId.Operator.Node.Sessions;

/// <summary>What a session passes requests on to.</summary>
internal sealed record AgentContext(
    EventLoop Loop,
    SidecarDirectory Sidecars,
    CheckpointGate Checkpoints,
    RestoreGate Restores,
    NodeCommands Commands,
    GateKeeper Gate,
    ILogger Log);
