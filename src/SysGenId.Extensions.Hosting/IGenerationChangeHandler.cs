namespace SysGenId.Extensions.Hosting;

/// <summary>
/// Makes one part of the application fit for a new generation: draws keys, ids and seeds anew, drops what a copy of
/// this process may also hold.
/// </summary>
/// <remarks>
/// Handlers run one after the other, by <see cref="Order"/> and then in the order of registration. The generation is
/// acknowledged when all of them have succeeded for it (S09), so who waits for watchers (S12) waits for them too.
/// One instance serves the whole life of the host; it is never called twice at once.
/// </remarks>
public interface IGenerationChangeHandler
{
    /// <summary>What logs and the health check call it. Default: the name of its type.</summary>
    string Name => GetType().Name;

    /// <summary>
    /// Its place among the handlers, smaller first; those of the same order run as they were registered. Default 0.
    /// <see cref="RuntimeResetHandler"/> is first of all, because others draw from what it renews.
    /// </summary>
    int Order => 0;

    /// <summary>Adapts to a generation.</summary>
    /// <remarks>
    /// Has to bear being called again for the same generation: a handler that fails is called until it succeeds, and all
    /// are called when a newer generation comes before the last has succeeded.
    /// </remarks>
    /// <param name="change">What happened.</param>
    /// <param name="cancellationToken">The host stops, or a newer generation has come and this call is no longer worth finishing.</param>
    /// <returns>A task that ends well when the handler has adapted. Any exception is a failure, and is retried.</returns>
    ValueTask HandleAsync(GenerationChange change, CancellationToken cancellationToken);
}
