namespace SysGenId.Extensions.Hosting.Resetting;

/// <summary>The libraries that are in this process, as the kernel shows them.</summary>
internal static class LoadedLibraries
{
    private const string Maps = "/proc/self/maps";
    private const string Prefix = "libcrypto.so.";

    /// <summary>The names that OpenSSL's libcrypto is loaded under; usually one, none when nobody has needed it yet.</summary>
    public static IReadOnlyList<string> Libcrypto() => Libcrypto(File.ReadLines(Maps));

    /// <summary>The same for given lines of <c>/proc/self/maps</c>.</summary>
    internal static IReadOnlyList<string> Libcrypto(IEnumerable<string> maps) =>
        [.. maps.Select(line => line[(line.LastIndexOf('/') + 1)..])
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(Soname).Distinct()];

    // The loader knows a library by its soname also when a package update has since replaced the file, and some
    // distributions append the whole version to the file's name. Before 3 the soname has two numbers.
    private static string Soname(string file)
    {
        var version = file[Prefix.Length..].Split(' ')[0].Split('.');
        return Prefix + (version is ["0" or "1", _, ..] ? $"{version[0]}.{version[1]}" : version[0]);
    }
}
