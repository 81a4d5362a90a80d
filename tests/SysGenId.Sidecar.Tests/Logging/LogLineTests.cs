using System.Text;
using SysGenId.Sidecar.Logging;

namespace SysGenId.Sidecar.Tests.Logging;

public sealed class LogLineTests
{
    [Fact]
    public void A_line_is_keys_and_values() =>
        Assert.Equal("level=info event=test path=/run/x count=-5 proven=true\n", Line($"test path={"/run/x"} count={-5} proven={true}"));

    [Theory]
    [InlineData("two words", "\"two words\"")]
    [InlineData("a=b", "\"a=b\"")]
    [InlineData("line\nfeed", "\"line?feed\"")]
    [InlineData("say \"hi\\\"", "\"say \\\"hi\\\\\\\"\"")]
    [InlineData("", "\"\"")]
    [InlineData("ä", "\"ä\"")]
    public void What_a_stranger_says_stays_one_value_of_one_line(string value, string expected) =>
        Assert.Equal($"level=info event=test x={expected}\n", Line($"test x={value}"));

    [Fact]
    public void A_line_too_long_is_cut_and_still_a_line()
    {
        var line = Line($"test x={new string('y', 5000)} id={Guid.NewGuid()}");
        Assert.Equal(1024, line.Length);
        Assert.Equal(line.Length - 1, line.IndexOf('\n', StringComparison.Ordinal));
    }

    [Fact]
    public void Levels_have_names()
    {
        Assert.True(Log.TryParse("warning", out var level));
        Assert.Equal(LogLevel.Warning, level);
        Assert.False(Log.TryParse("Warning", out _));
    }

    private static string Line(ref TestLine line) => line.End();

    [System.Runtime.CompilerServices.InterpolatedStringHandler]
    private ref struct TestLine
    {
        private LogLine _line;

        public TestLine(int literalLength, int formattedCount) =>
            _line = new LogLine(literalLength, formattedCount, new Log(LogLevel.Info), LogLevel.Info, out _);

        public void AppendLiteral(string text) => _line.AppendLiteral(text);

        public void AppendFormatted(string text) => _line.AppendFormatted(text);

        public void AppendFormatted(int number) => _line.AppendFormatted(number);

        public void AppendFormatted(bool value) => _line.AppendFormatted(value);

        public void AppendFormatted(Guid id) => _line.AppendFormatted(id);

        public string End() => Encoding.UTF8.GetString(_line.End());
    }
}
