namespace SysGenId.Operator.Node.HookInstallation;

/// <summary>Short aligned lines for the person at the terminal.</summary>
internal sealed class HookReport(TextWriter output, TextWriter errors)
{
    private const int Width = 15;

    /// <summary>One thing and what became of it.</summary>
    public void Say(string what, string outcome) => output.WriteLine($"{what.PadRight(Width)} {outcome}");

    /// <summary>Nothing was changed, and why.</summary>
    public int Refuse(string sentence)
    {
        errors.WriteLine(sentence);
        return HookExitCode.Refused;
    }

    /// <summary>It went wrong on the way.</summary>
    public int Fail(string sentence)
    {
        errors.WriteLine(sentence);
        return HookExitCode.Failed;
    }
}
