using System.Text;
using CsCheck;
using SysGenId.Operator.Node.HookInstallation;

namespace SysGenId.Operator.Tests.HookInstallation;

public sealed class CriuConfigurationTextTests
{
    private const string Hook = "/opt/sysgenid/bin/sysgenid-criu-hook";

    // What users have in such files, and what nobody should have: any bytes, any line ends, no line end.
    private static readonly Gen<byte[]> _texts = Gen.OneOf(
        Gen.Byte.Array,
        Gen.OneOf(
                Gen.Const("tcp-established\n"), Gen.Const("action-script /usr/local/bin/mine\n"), Gen.Const("# comment\r\n"), Gen.Const("\n"),
                Gen.Const("\r\n"), Gen.Const("log-file=\"a b\"\n"), Gen.Const("no end"), Gen.Const("#BEGIN sysgenid\n"), Gen.Const(" # END sysgenid\n"))
            .Array[0, 6].Select(lines => Encoding.UTF8.GetBytes(string.Concat(lines))));

    private static readonly Gen<InstallationTraces> _traces = Gen.Select(Gen.Bool, Gen.Int[0, 16], Gen.Int[0, 3])
        .Select((file, directories, hookDirectories) => new InstallationTraces(false, file, directories, hookDirectories));

    [Fact]
    public void Taking_out_what_was_put_in_gives_back_the_same_bytes() =>
        Gen.Select(_texts, _traces).Sample((text, traces) =>
        {
            var inserted = CriuConfigurationText.Insert(text, Hook, traces);
            var removed = CriuConfigurationText.Remove(inserted.Text);
            Assert.Equal((MarkerFault.None, MarkerFault.None), (inserted.Fault, removed.Fault));
            Assert.Equal(text, removed.Text);
            Assert.Equal(Hook, removed.Before!.Hook);
            Assert.Equal(traces, removed.Before.Traces with { AddedNewline = false });
        });

    [Fact]
    public void Putting_it_in_again_changes_nothing() =>
        Gen.Select(_texts, _traces).Sample((text, traces) =>
        {
            var once = CriuConfigurationText.Insert(text, Hook, traces).Text;
            Assert.Equal(once, CriuConfigurationText.Insert(once, Hook, default).Text);
        });

    [Fact]
    public void Taking_it_out_again_changes_nothing() =>
        _texts.Sample(text => Assert.Equal(text, CriuConfigurationText.Remove(text).Text));

    [Fact]
    public void What_was_added_behind_it_since_stays_and_keeps_its_own_line() =>
        Gen.Select(_texts, _texts).Sample((before, behind) =>
        {
            var inserted = CriuConfigurationText.Insert(before, Hook, default).Text;
            var removed = CriuConfigurationText.Remove([.. inserted, .. behind]).Text;
            byte[] separator = behind.Length > 0 && before.Length > 0 && before[^1] != '\n' ? [(byte)'\n'] : [];
            Assert.Equal([.. before, .. separator, .. behind], removed);
        });

    [Fact]
    public void Another_hook_takes_the_place_of_the_first()
    {
        var first = CriuConfigurationText.Insert("a\n"u8, Hook, new InstallationTraces(CreatedFile: true)).Text;
        var second = CriuConfigurationText.Insert([.. first, .. "b\n"u8], "/elsewhere/hook", default);
        Assert.Equal(Hook, second.Before!.Hook);
        Assert.Equal(new CriuConfigurationBlock("/elsewhere/hook", new InstallationTraces(CreatedFile: true)), CriuConfigurationText.Find(second.Text, out _));
        Assert.Equal("a\nb\n"u8.ToArray(), CriuConfigurationText.Remove(second.Text).Text);
    }

    [Fact]
    public void Directories_made_before_are_remembered_when_the_hook_moves_within_them()
    {
        var first = CriuConfigurationText.Insert([], "/a/b/c/hook", new InstallationTraces(CreatedHookDirectories: 2)).Text;
        var second = CriuConfigurationText.Insert(first, "/a/b/d/hook", new InstallationTraces(CreatedHookDirectories: 1)).Text;
        Assert.Equal(2, CriuConfigurationText.Find(second, out _)!.Traces.CreatedHookDirectories);
        var third = CriuConfigurationText.Insert(second, "/x/hook", new InstallationTraces(CreatedHookDirectories: 1)).Text;
        Assert.Equal(1, CriuConfigurationText.Find(third, out _)!.Traces.CreatedHookDirectories);
    }

    [Fact]
    public void The_block_reads_so() => Assert.Equal(
        $"""
        tcp-established
        # BEGIN sysgenid newline file directories=1 hook-directories=2
        # Written by sysgenid-operator node install-hook; uninstall-hook takes it out again.
        action-script {Hook}
        # END sysgenid

        """,
        Encoding.UTF8.GetString(CriuConfigurationText.Insert("tcp-established"u8, Hook, new InstallationTraces(false, true, 1, 2)).Text));

    [Theory]
    [InlineData("# BEGIN sysgenid\naction-script /x\n", nameof(MarkerFault.EndIsMissing))]
    [InlineData("# BEGIN sysgenid\n# BEGIN sysgenid\n# END sysgenid\n", nameof(MarkerFault.EndIsMissing))]
    [InlineData("# END sysgenid\n", nameof(MarkerFault.BeginIsMissing))]
    [InlineData("# END sysgenid\n# BEGIN sysgenid\n", nameof(MarkerFault.EndIsMissing))]
    [InlineData("# BEGIN sysgenid\n# END sysgenid\n# END sysgenid\n", nameof(MarkerFault.BeginIsMissing))]
    [InlineData("# BEGIN sysgenid\n# END sysgenid\n\n# BEGIN sysgenid\n# END sysgenid\n", nameof(MarkerFault.SeveralBlocks))]
    public void Half_a_block_is_not_touched(string text, string fault)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        foreach (var edit in new[] { CriuConfigurationText.Insert(bytes, Hook, default), CriuConfigurationText.Remove(bytes) })
        {
            Assert.Equal(fault, edit.Fault.ToString());
            Assert.Equal(bytes, edit.Text);
            Assert.NotNull(HookPaths.FaultOfMarkers("/etc/criu/default.conf", edit.Fault));
        }

        Assert.Null(CriuConfigurationText.Find(bytes, out _));
    }

    [Fact]
    public void A_block_whose_line_somebody_took_out_names_no_hook() =>
        Assert.Equal(new CriuConfigurationBlock(null, default), CriuConfigurationText.Find("# BEGIN sysgenid\n# END sysgenid"u8, out _));

    [Theory]
    [InlineData("")]
    [InlineData("directories=-1 hook-directories=x unknown=7 =")]
    [InlineData("directories=99999999999")]
    public void Words_that_make_no_sense_mean_nothing(string words) => Assert.Equal(default, InstallationTraces.Parse(words));
}
