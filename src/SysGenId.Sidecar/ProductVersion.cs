namespace SysGenId.Sidecar;

/// <summary>The version of this program, as the assembly has it: written here to be read without reflection.</summary>
internal static class ProductVersion
{
    public const string Text = "0.1.0";
}
