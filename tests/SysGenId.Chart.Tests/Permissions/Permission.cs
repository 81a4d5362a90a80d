namespace SysGenId.Chart.Tests.Permissions;

/// <summary>One thing that may be done, or was.</summary>
/// <param name="Scope">A namespace; empty for the whole cluster.</param>
/// <param name="Group">The API group; empty for the core one.</param>
/// <param name="Resource">With its subresource, as in <c>systemgenerations/status</c>.</param>
/// <param name="Verb">As RBAC calls it.</param>
internal sealed record Permission(string Scope, string Group, string Resource, string Verb)
{
    public override string ToString() => $"{Verb} {Resource}{(Group.Length > 0 ? "." : "")}{Group}{(Scope.Length > 0 ? " in " : "")}{Scope}";
}
