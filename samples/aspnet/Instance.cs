using SysGenId.Extensions.Hosting;

namespace SysGenId.Samples.AspNet;

/// <summary>
/// Who this instance says it is, to a registry for example. It may be wrong for the moment between the restore and the handler;
/// what must not be for that long is guarded, as <see cref="TokenKey"/> is.
/// </summary>
internal sealed partial class Instance(ILogger<Instance> log) : IGenerationChangeHandler
{
    private volatile string _id = Guid.NewGuid().ToString();

    public string Id => _id;

    public ValueTask HandleAsync(GenerationChange change, CancellationToken cancellationToken)
    {
        _id = Guid.NewGuid().ToString();
        LogRenewed(log, _id, change.Current.Generation);
        return ValueTask.CompletedTask;
    }

    [LoggerMessage(1, LogLevel.Information, "Instance {Id} of generation {Generation}.")]
    private static partial void LogRenewed(ILogger log, string id, uint generation);
}
