namespace SysGenId.Cli.Diagnosis;

/// <summary>One finding of <c>doctor</c>.</summary>
/// <param name="Name">What was looked at; stable, for scripts.</param>
/// <param name="Verdict">What it comes to.</param>
/// <param name="Finding">What was seen.</param>
/// <param name="Advice">What to do about it; there is one for all that is not ok.</param>
internal sealed record Check(string Name, Verdict Verdict, string Finding, string? Advice = null)
{
    public static Check Ok(string name, string finding) => new(name, Verdict.Ok, finding);

    public static Check Warn(string name, string finding, string advice) => new(name, Verdict.Warn, finding, advice);

    public static Check Fail(string name, string finding, string advice) => new(name, Verdict.Fail, finding, advice);
}
