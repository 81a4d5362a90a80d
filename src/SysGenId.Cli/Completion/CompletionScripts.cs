namespace SysGenId.Cli.Completion;

/// <summary>
/// Completion for shells. The scripts know nothing of the commands: they hand the line, without its first word and up
/// to the cursor, to the program and offer what it answers, so they are true for every version.
/// </summary>
internal static class CompletionScripts
{
    private const string Bash =
        """
        # bash completion for sysgenid
        _sysgenid() {
            local program="${COMP_WORDS[0]}" line="${COMP_LINE:0:COMP_POINT}" word="${COMP_WORDS[COMP_CWORD]}"
            line="${line#"$program"}"
            line="${line# }"
            local IFS=$'\n'
            COMPREPLY=($(compgen -W "$("$program" "[suggest:${#line}]" "$line" 2>/dev/null)" -- "$word"))
        }
        complete -o bashdefault -o default -F _sysgenid sysgenid

        """;

    private const string Zsh =
        """
        #compdef sysgenid
        # zsh completion for sysgenid
        _sysgenid() {
            local line="${(j: :)words[2,CURRENT]}"
            local -a candidates
            candidates=(${(f)"$("${words[1]}" "[suggest:${#line}]" "$line" 2>/dev/null)"})
            if [[ ${words[CURRENT-1]} == --socket ]]; then
                _files
            else
                compadd -a candidates
            fi
        }
        # Sourced, it registers itself; as a file named _sysgenid on fpath, it is the function's first call.
        if [[ "${funcstack[1]}" == _sysgenid ]]; then _sysgenid; else compdef _sysgenid sysgenid; fi

        """;

    private const string Fish =
        """
        # fish completion for sysgenid
        function __sysgenid_complete
            set -l line (commandline -cp | string replace -r '^\s*\S+\s?' '')
            sysgenid "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
        end
        complete -c sysgenid -f -a '(__sysgenid_complete)'
        complete -c sysgenid -l socket -r -F

        """;

    /// <summary>The shells there is a script for.</summary>
    public static IReadOnlyList<string> Shells { get; } = ["bash", "zsh", "fish"];

    public static string For(string shell) => shell switch
    {
        "bash" => Bash,
        "zsh" => Zsh,
        "fish" => Fish,
        _ => throw new ArgumentOutOfRangeException(nameof(shell), shell, null),
    };
}
