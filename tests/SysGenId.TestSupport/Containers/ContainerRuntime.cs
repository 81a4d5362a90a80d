namespace SysGenId.TestSupport.Containers;

/// <summary>The runtimes tests use.</summary>
internal enum ContainerRuntime
{
    Runc,
    Crun,
}
