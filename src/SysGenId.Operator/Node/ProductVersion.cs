using System.Reflection;

namespace SysGenId.Operator.Node;

/// <summary>This program's version.</summary>
internal static class ProductVersion
{
    /// <summary>Such as <c>0.1.0</c>, without build metadata.</summary>
    public static string Text { get; } =
        typeof(ProductVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
