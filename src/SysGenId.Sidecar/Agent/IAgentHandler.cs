using SysGenId.Core.Protocol;

namespace SysGenId.Sidecar.Agent;

/// <summary>Who acts on what the agent says. Called on the loop's thread.</summary>
internal interface IAgentHandler
{
    /// <summary>The request that registers this pod.</summary>
    Message Registration();

    /// <summary>The agent has taken the registration.</summary>
    void OnRegistered();

    /// <summary>The connection of a taken registration is gone.</summary>
    void OnLost();

    /// <summary>Does what the agent asks for; false when the message lacks a field it must have.</summary>
    bool TryCarryOut(Message message);
}
