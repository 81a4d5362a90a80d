namespace SysGenId.Core.Tests.Watchers;

internal enum RegistryOperationKind
{
    Open,
    Close,
    Bump,
    Acknowledge,
    Expect,
    Forget,
    BeginWait,
    EndWait,
    TakeEnded,
}
