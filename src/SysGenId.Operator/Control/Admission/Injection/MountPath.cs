namespace SysGenId.Operator.Control.Admission.Injection;

/// <summary>Paths at which containers have something mounted.</summary>
internal static class MountPath
{
    /// <summary>Whether a mount at a path is at another path or below it, however it is written.</summary>
    public static bool IsWithin(string? path, string place)
    {
        var normal = Normalise(path);
        return normal == place || normal.StartsWith(place + "/", StringComparison.Ordinal);
    }

    /// <summary>Whether both are one place.</summary>
    public static bool IsSame(string? path, string place) => Normalise(path) == place;

    // A relative path is taken for one from the root, as the kubelet does.
    private static string Normalise(string? path) =>
        path is null || path.Contains('\0') ? "" : Path.TrimEndingDirectorySeparator(Path.GetFullPath("/" + path.TrimStart('/')));
}
