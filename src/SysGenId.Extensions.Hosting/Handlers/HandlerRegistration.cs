namespace SysGenId.Extensions.Hosting.Handlers;

/// <summary>Remembers in the service collection that a type is a handler already: registered twice it still runs once.</summary>
internal sealed record HandlerRegistration(Type Type);
