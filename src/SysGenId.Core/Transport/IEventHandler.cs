namespace SysGenId.Core.Transport;

/// <summary>Who is told that a descriptor is ready.</summary>
internal interface IEventHandler
{
    /// <summary>Called on the loop's thread. Must not block.</summary>
    /// <param name="events">A set of <see cref="Linux.EventPoll"/> events.</param>
    void OnReady(uint events);
}
