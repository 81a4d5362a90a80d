using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SysGenId.Client;
using SysGenId.Extensions.Hosting.Handlers;
using SysGenId.Extensions.Hosting.Rounds;

namespace SysGenId.Extensions.Hosting;

/// <summary>Adds the system generation and what adapts to it to an application.</summary>
public static class SystemGenerationServices
{
    /// <summary>
    /// Adds the application's <see cref="GenerationWatcher"/>, to be injected wherever a generation is compared or a
    /// <see cref="Guard{T}"/> is made, and a service that runs the <see cref="IGenerationChangeHandler"/>s at every change and then acknowledges it (S09).
    /// Called again it only adds to the configuration.
    /// </summary>
    /// <remarks>
    /// The watcher is opened, up to date (S05), when it is first asked for, at the latest when the host starts: before any hosted
    /// service is started. A change after that is handled once the host runs, however early it came.
    /// Acknowledging is the service's part: do not acknowledge on this watcher yourself.
    /// </remarks>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Changes the defaults.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddSystemGeneration(this IServiceCollection services, Action<SystemGenerationOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (configure is not null)
            services.Configure(configure);
        services.AddOptions<SystemGenerationOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SystemGenerationOptions>, OptionsValidation>());
        services.TryAddSingleton(OpenWatcher);
        services.TryAddSingleton<IGenerationSource, WatcherSource>();
        services.TryAddSingleton(CreateRounds);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, GenerationService>());
        return services;
    }

    /// <summary>
    /// Adds a handler, made by the container as a singleton that can also be injected as what it is. A type that was added
    /// before still runs once.
    /// </summary>
    /// <typeparam name="THandler">The handler.</typeparam>
    /// <param name="services">The application's services.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddGenerationChangeHandler<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] THandler>(this IServiceCollection services)
        where THandler : class, IGenerationChangeHandler
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddSystemGeneration();
        var registration = new HandlerRegistration(typeof(THandler));
        if (services.Any(service => registration.Equals(service.ImplementationInstance)))
            return services;
        services.AddSingleton(registration);
        services.TryAddSingleton<THandler>();
        return services.AddSingleton<IGenerationChangeHandler>(provider => provider.GetRequiredService<THandler>());
    }

    /// <summary>Adds a function as a handler.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="name">What logs and the health check call it.</param>
    /// <param name="handle">
    /// The same as <see cref="IGenerationChangeHandler.HandleAsync"/>, with the application's services first; for scoped ones it makes a scope.
    /// </param>
    /// <param name="order">Its <see cref="IGenerationChangeHandler.Order"/>.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddGenerationChangeHandler(
        this IServiceCollection services,
        string name,
        Func<IServiceProvider, GenerationChange, CancellationToken, ValueTask> handle,
        int order = 0)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(handle);
        services.AddSystemGeneration();
        return services.AddSingleton<IGenerationChangeHandler>(provider => new DelegateHandler(name, order, provider, handle));
    }

    /// <summary>Adds the <see cref="RuntimeResetHandler"/>, which renews what .NET itself keeps before all other handlers run.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Leaves out some of it.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddRuntimeReset(this IServiceCollection services, Action<RuntimeResetOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (configure is not null)
            services.Configure(configure);
        return services.AddGenerationChangeHandler<RuntimeResetHandler>();
    }

    private static GenerationWatcher OpenWatcher(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<IOptions<SystemGenerationOptions>>().Value.Watcher;
        var watcher = GenerationWatcher.Open(provider.GetService<TimeProvider>() is { } clock ? options with { TimeProvider = clock } : options);

        // Said from the first moment on, or a guard that is used before the service runs would acknowledge a change for the handlers.
        _ = watcher.TryRead(out _);
        return watcher;
    }

    private static GenerationRounds CreateRounds(IServiceProvider provider) => new(
        provider.GetRequiredService<IGenerationSource>(),
        provider.GetServices<IGenerationChangeHandler>(),
        provider.GetRequiredService<IOptions<SystemGenerationOptions>>().Value,
        provider.GetService<TimeProvider>() ?? TimeProvider.System,
        provider.GetRequiredService<ILogger<GenerationWatcher>>());
}
