using System.Text.Json;

namespace SysGenId.Operator.Cluster;

/// <summary>One line of a watch.</summary>
internal sealed class WatchEvent
{
    public const string Added = "ADDED";
    public const string Modified = "MODIFIED";
    public const string Deleted = "DELETED";

    /// <summary>Nothing changed up to the resource version of its object.</summary>
    public const string Bookmark = "BOOKMARK";

    /// <summary>The watch is over; its object is a Status.</summary>
    public const string Error = "ERROR";

    public string Type { get; set; } = "";

    public JsonElement Object { get; set; }
}
