namespace SysGenId.Cli.Output;

/// <summary>A generation's name (S24) as people read it.</summary>
internal static class Identity
{
    public const string None = "-";

    public static string Show(Guid? id) => id is null || id == Guid.Empty ? None : id.Value.ToString();

    /// <summary>The name in an answer; the all-zero one stands for a node that was never bumped.</summary>
    public static string Show(string? id) => Guid.TryParse(id, out var known) ? Show(known) : id ?? None;
}
