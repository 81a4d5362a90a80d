using SysGenId.TestSupport;

namespace SysGenId.Cluster.Tests.Control;

/// <summary>A directory as the kubelet mounts a Secret: files are links through <c>..data</c>, which turns to all new ones at once.</summary>
internal sealed class MountedSecret(string path)
{
    private int _version;

    public async Task WriteAsync(params (string Name, string Content)[] files)
    {
        var version = $"..version_{++_version}";
        Directory.CreateDirectory(Path.Combine(path, version));
        foreach (var (name, content) in files) File.WriteAllText(Path.Combine(path, version, name), content);
        File.CreateSymbolicLink(Path.Combine(path, "..data_tmp"), version);
        (await ChildProcess.RunAsync("mv", "-T", Path.Combine(path, "..data_tmp"), Path.Combine(path, "..data"))).OrThrow();
        foreach (var (name, _) in files)
        {
            if (!File.Exists(Path.Combine(path, name))) File.CreateSymbolicLink(Path.Combine(path, name), Path.Combine("..data", name));
        }
    }
}
