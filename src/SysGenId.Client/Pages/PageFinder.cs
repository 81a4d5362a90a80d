using SysGenId.Core;
using SysGenId.Core.CounterPage;
using SysGenId.Core.Linux;

namespace SysGenId.Client.Pages;

/// <summary>Finds the page that options mean.</summary>
internal static class PageFinder
{
    private const string Development =
        $"On a machine where nothing is ever restored, open with {nameof(GenerationWatcherOptions.WhenUnavailable)} = {nameof(UnavailableBehavior.GenerationZero)}.";

    /// <summary>Maps the page; returns it and the directory of its sockets, null where there is to be none.</summary>
    /// <exception cref="SystemGenerationUnavailableException">There is no page. The message says where it was looked for and what to do.</exception>
    public static (MappedPage Page, string? Sockets) Find(GenerationWatcherOptions options)
    {
        if (!OperatingSystem.IsLinux()) throw new SystemGenerationUnavailableException($"There is a system generation on Linux only. {Development}");
        if (options.PagePath is { } path) return (Open(path, path), null);
        var (directory, isNamed) = options.ResolveDirectory();
        var ofDirectory = Path.Join(directory, SystemPaths.PageName);
        if (isNamed || File.Exists(ofDirectory) || !File.Exists(SystemPaths.Device)) return (Open(ofDirectory, directory), directory);
        return (Open(SystemPaths.Device, SystemPaths.Device), null);
    }

    private static MappedPage Open(string path, string asked)
    {
        try
        {
            return new MappedPage(CounterPageReader.Open(path));
        }
        catch (LinuxException failure) when (failure.Error is Errno.ENOENT or Errno.ENOTDIR)
        {
            throw new SystemGenerationUnavailableException(
                $"There is no system generation at {asked}: {path} does not exist. In Kubernetes give the pod the label "
                + "sysgenid.io/inject: \"true\", or its namespace, before the pod is created; elsewhere run sysgenid-sidecar and mount its "
                + $"directory; if it is elsewhere, name it in {GenerationWatcherOptions.DirectoryVariable}. {Development}",
                failure);
        }
        catch (IOException failure)
        {
            throw new SystemGenerationUnavailableException($"The system generation at {asked} cannot be read: {failure.Message}", failure);
        }
    }
}
