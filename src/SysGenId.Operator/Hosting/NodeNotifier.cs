using Microsoft.Extensions.Hosting.Systemd;

namespace SysGenId.Operator.Hosting;

/// <summary>
/// Tells the service manager that the agent serves, only if it does: one that failed at its start lets the host start all
/// the same and then ends it, and <c>systemctl start</c> must not call that a success.
/// </summary>
internal sealed class NodeNotifier(NodeService node) : ISystemdNotifier
{
    private readonly SystemdNotifier _notifier = new();

    public bool IsEnabled => _notifier.IsEnabled;

    public void Notify(ServiceState state)
    {
        if (node.Failure is not null && state.Equals(ServiceState.Ready)) return;
        _notifier.Notify(state);
    }
}
