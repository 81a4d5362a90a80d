namespace SysGenId.Operator.Cluster;

/// <summary>One Event object of the API server and how often what it tells has happened.</summary>
internal sealed class EventSeries
{
    /// <param name="latest">What happened last.</param>
    /// <param name="name">The name of the Event object.</param>
    /// <param name="at">When it happened first.</param>
    public EventSeries(ClusterEvent latest, string name, DateTimeOffset at)
    {
        (Latest, Name, First, Last) = (latest, name, at, at);
    }

    public string Name { get; set; }

    public ClusterEvent Latest { get; private set; }

    public DateTimeOffset First { get; }

    public DateTimeOffset Last { get; private set; }

    public int Count { get; private set; }

    /// <summary>Whether the API server has the object.</summary>
    public bool IsWritten { get; set; }

    /// <summary>Whether it is in line to be written.</summary>
    public bool IsDue { get; set; }

    /// <summary>It happened (again).</summary>
    public void Add(ClusterEvent happened, DateTimeOffset at)
    {
        (Latest, Last) = (happened, at);
        Count++;
    }
}
