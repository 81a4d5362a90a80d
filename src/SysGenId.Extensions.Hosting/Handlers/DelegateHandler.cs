namespace SysGenId.Extensions.Hosting.Handlers;

/// <summary>A handler that is a function.</summary>
internal sealed class DelegateHandler : IGenerationChangeHandler
{
    private readonly IServiceProvider _services;
    private readonly Func<IServiceProvider, GenerationChange, CancellationToken, ValueTask> _handle;

    public DelegateHandler(
        string name, int order, IServiceProvider services, Func<IServiceProvider, GenerationChange, CancellationToken, ValueTask> handle) =>
        (Name, Order, _services, _handle) = (name, order, services, handle);

    public string Name { get; }

    public int Order { get; }

    public ValueTask HandleAsync(GenerationChange change, CancellationToken cancellationToken) => _handle(_services, change, cancellationToken);
}
