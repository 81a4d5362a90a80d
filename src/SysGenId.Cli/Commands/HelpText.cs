namespace SysGenId.Cli.Commands;

/// <summary>What help says that cannot be generated.</summary>
internal static class HelpText
{
    public const string ExitCodes =
        """
        Exit codes:
          0  done
          1  refused by the server, or a check of doctor failed
          2  the command line makes no sense
          3  nobody answers at the socket
          4  wait: the time is up and watchers are still outdated
          5  wait: a bump came in between
          6  permission denied
        """;

    public static string Examples(string command)
    {
        var lines = command switch
        {
            "status" => ["sysgenid status", "sysgenid status --output json | jq .generation"],
            "watch" => ["sysgenid watch", "sysgenid watch --count 1 --output json"],
            "wait" => ["sysgenid wait --timeout 30 && echo everybody has adapted"],
            "bump" => ["sysgenid bump && sysgenid wait --timeout 30", "sysgenid bump --min 1000"],
            "watchers" => ["sysgenid watchers"],
            "history" => ["sysgenid history", "sysgenid history --output json | jq -c '.changes[]'"],
            "doctor" => ["sudo sysgenid doctor", "sudo sysgenid doctor --self-test"],
            "completion" => [
                "source <(sysgenid completion bash)                                    # in ~/.bashrc",
                "source <(sysgenid completion zsh)                                     # in ~/.zshrc, after compinit",
                "sysgenid completion fish > ~/.config/fish/completions/sysgenid.fish"],
            _ => (string[])["sysgenid status", "sysgenid watch", "sysgenid bump && sysgenid wait --timeout 30", "sudo sysgenid doctor"],
        };
        return "Examples:\n" + string.Concat(lines.Select(line => $"  {line}\n"));
    }
}
