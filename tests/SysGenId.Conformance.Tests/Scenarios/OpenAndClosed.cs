namespace SysGenId.Conformance.Tests.Scenarios;

/// <summary>
/// How many handles were being opened and closed, and how many had been, to bound what a count may be: those certainly open
/// from before a look until after it are counted, and nobody is who certainly was not open during it. Thread-safe.
/// </summary>
internal sealed class OpenAndClosed
{
    private int _opening;
    private int _opened;
    private int _closing;
    private int _closed;

    /// <summary>Taken before a look: opened by then, and closed by then.</summary>
    public (int Opened, int Closed) Ended
    {
        get
        {
            var opened = Volatile.Read(ref _opened);
            return (opened, Volatile.Read(ref _closed));
        }
    }

    /// <summary>Taken after a look: begun to open by then, and begun to close by then.</summary>
    public (int Opening, int Closing) Begun => (Volatile.Read(ref _opening), Volatile.Read(ref _closing));

    public void BeginOpen() => Interlocked.Increment(ref _opening);

    public void EndOpen() => Interlocked.Increment(ref _opened);

    public void BeginClose() => Interlocked.Increment(ref _closing);

    public void EndClose() => Interlocked.Increment(ref _closed);
}
