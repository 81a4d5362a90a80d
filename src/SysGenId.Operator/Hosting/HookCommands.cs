using System.CommandLine;
using SysGenId.Operator.Node.HookInstallation;

namespace SysGenId.Operator.Hosting;

/// <summary><c>sysgenid-operator node install-hook</c> and <c>uninstall-hook</c>.</summary>
internal static class HookCommands
{
    private static readonly InstallHookOptions _defaults = new();

    private static readonly Option<string> _configuration = new("--criu-config")
    {
        Description = "The CRIU configuration that gets our line.",
        DefaultValueFactory = _ => _defaults.CriuConfiguration,
    };

    private static readonly Option<string> _directory = new("--hook-dir")
    {
        Description = "Where the hook is put; owned by root and writable by nobody else.",
        DefaultValueFactory = _ => _defaults.HookDirectory,
    };

    private static readonly Option<string> _agent = new("--agent")
    {
        Description = "The agent's socket.",
        DefaultValueFactory = _ => _defaults.Agent,
    };

    private static readonly Option<string> _binary = new("--hook-binary")
    {
        Description = "The hook to install.",
        DefaultValueFactory = _ => _defaults.HookBinary,
    };

    private static readonly Option<string?> _criu = new("--criu") { Description = "The criu program; looked up on PATH when not given." };

    public static Command BuildInstall()
    {
        var command = new Command("install-hook", "Put the hook on this host and one line into the CRIU configuration.")
        {
            _configuration, _agent, _directory, _binary, _criu,
        };
        command.SetAction(line => HookInstaller.Run(
            new InstallHookOptions
            {
                CriuConfiguration = line.GetValue(_configuration)!,
                Agent = line.GetValue(_agent)!,
                HookDirectory = line.GetValue(_directory)!,
                HookBinary = line.GetValue(_binary)!,
                Criu = line.GetValue(_criu),
            },
            Console.Out,
            Console.Error));
        return command;
    }

    public static Command BuildUninstall()
    {
        var command = new Command("uninstall-hook", "Take the line out of the CRIU configuration, then the hook off this host.")
        {
            _configuration, _directory,
        };
        command.SetAction(line => HookRemover.Run(
            new UninstallHookOptions { CriuConfiguration = line.GetValue(_configuration)!, HookDirectory = line.GetValue(_directory)! },
            Console.Out,
            Console.Error));
        return command;
    }
}
