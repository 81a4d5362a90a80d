namespace SysGenId.Core;

/// <summary>The version of all programs, as their assemblies have it: written here to be read without reflection.</summary>
internal static class ProductVersion
{
    public const string Text = "0.1.0";
}
