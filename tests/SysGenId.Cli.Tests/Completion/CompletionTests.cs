using SysGenId.TestSupport;

namespace SysGenId.Cli.Tests.Completion;

/// <summary>The scripts in the shells they are for, with the program as users get it.</summary>
public sealed class CompletionTests
{
    // What bash does when the tab key is pressed at the end of the line.
    private const string PressTab =
        """
        source <(sysgenid completion bash)
        COMP_LINE="$1"; COMP_POINT=${#COMP_LINE}
        read -ra COMP_WORDS <<<"$COMP_LINE"
        [[ "$COMP_LINE" == *' ' ]] && COMP_WORDS+=('')
        COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        $(complete -p sysgenid | sed 's/.*-F \([^ ]*\) .*/\1/') sysgenid
        echo "${COMPREPLY[@]}"
        """;

    [Theory]
    [InlineData("sysgenid st", "status")]
    [InlineData("sysgenid wat", "watch watchers")]
    [InlineData("sysgenid wait --ti", "--timeout")]
    [InlineData("sysgenid status --output ", "json text")]
    [InlineData("sysgenid status --output j", "json")]
    [InlineData("sysgenid completion ", "bash fish zsh")]
    [InlineData("sysgenid doctor --s", "--self-test --socket")]
    [InlineData("sysgenid ", "bump completion doctor history status wait watch watchers")]
    [InlineData("sysgenid -", "--help --output --version")]
    [InlineData("sysgenid status ", "--help --output --socket")]
    [InlineData("sysgenid nonsense", "")]
    [InlineData("  sysgenid st", "status")]
    public async Task Bash_completes(string line, string expected)
    {
        Requires.PublishedCli();
        var result = await ChildProcess.RunAsync("env", $"PATH={ToolPaths.Published}:/usr/bin:/bin", "bash", "--norc", "-c", PressTab, "bash", line);
        Assert.Equal((expected, ""), (result.Output.TrimEnd('\n'), result.Errors));
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    public void There_is_a_script_for_each_shell(string shell) => Golden.Matches("completion-" + shell, CommandRun.Of("completion", shell).Everything);

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    public async Task The_shell_itself_finds_no_fault_in_its_script(string shell)
    {
        Requires.Program(shell);
        using var directory = new TemporaryDirectory();
        File.WriteAllText(directory.File("script"), CommandRun.Of("completion", shell).Output);
        (await ChildProcess.RunAsync(shell, "-n", directory.File("script"))).OrThrow();
    }
}
