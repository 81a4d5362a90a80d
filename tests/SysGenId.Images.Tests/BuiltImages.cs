using SysGenId.TestSupport;

namespace SysGenId.Images.Tests;

/// <summary>All images, built once by eng/images.sh from the published programs and unpacked.</summary>
public sealed class BuiltImages : IAsyncLifetime
{
    // Two native programs are compiled for the other architecture.
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(8);

    private readonly TemporaryDirectory _directory = TemporaryDirectory.OnDisk();

    /// <summary>This machine's architecture, as images name it.</summary>
    internal static string Architecture { get; } =
        System.Runtime.InteropServices.RuntimeInformation.OSArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? "arm64" : "amd64";

    /// <summary>Where the archives are.</summary>
    internal string Directory => _directory.Path;

    /// <summary>Everything that the script said.</summary>
    internal string Said { get; private set; } = "";

    internal OciArchive Operator { get; private set; } = null!;

    internal OciArchive Sidecar { get; private set; } = null!;

    internal OciArchive Hook { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Requires.PublishedPrograms();
        Requires.Program("apt-get");

        // The operator for the other architecture takes a compiler minutes and differs in nothing that is tested here.
        Said = (await BuildAsync(Directory, "operator", Architecture)).Output + (await BuildAsync(Directory, "sidecar,hook", architectures: null)).Output;
        Operator = await OciArchive.OpenAsync(Path.Join(Directory, "sysgenid-operator.tar"), _directory.CreateDirectory("operator"));
        Sidecar = await OciArchive.OpenAsync(Path.Join(Directory, "sysgenid-sidecar.tar"), _directory.CreateDirectory("sidecar"));
        Hook = await OciArchive.OpenAsync(Path.Join(Directory, "sysgenid-hook.tar"), _directory.CreateDirectory("hook"));
    }

    public ValueTask DisposeAsync()
    {
        _directory.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Runs eng/images.sh; without architectures it takes all for which there is a toolchain.</summary>
    internal static async Task<CommandResult> BuildAsync(string directory, string images, string? architectures, params IEnumerable<string> options)
    {
        await using var script = ChildProcess.Start(
            Path.Join(ToolPaths.Repository, "eng", "images.sh"),
            [
                "--offline", directory, "--images", images, "--programs", $"{Architecture}={ToolPaths.Published}",
                .. architectures is null ? (string[])[] : ["--arch", architectures], .. options,
            ]);
        await script.ExitAsync(_patience);
        return new CommandResult("eng/images.sh", script.ExitCode, script.Output, script.Errors).OrThrow();
    }
}
