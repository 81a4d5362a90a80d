using SysGenId.Operator.Api;

namespace SysGenId.Operator.Tests.Api;

public sealed class DurationTests
{
    [Theory]
    [InlineData("500ms", 500)]
    [InlineData("5s", 5_000)]
    [InlineData("2m", 120_000)]
    [InlineData("72h", 259_200_000)]
    [InlineData("1000000h", 3_600_000_000_000)]
    [InlineData("0s", 0)]
    [InlineData("007ms", 7)]
    [InlineData("999999999ms", 999_999_999)]
    public void A_number_with_a_unit_is_a_duration(string text, long milliseconds)
    {
        Assert.True(Duration.TryParse(text, out var duration));
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), duration);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("s")]
    [InlineData("5 s")]
    [InlineData("1000001h")]
    [InlineData("5d")]
    [InlineData("5S")]
    [InlineData("-5s")]
    [InlineData("5.5s")]
    [InlineData("5s ")]
    [InlineData("٥s")]
    [InlineData("1000000000ms")]
    public void Anything_else_is_none(string? text) => Assert.False(Duration.TryParse(text, out _));

    [Theory]
    [InlineData(5_000, "5s")]
    [InlineData(500, "500ms")]
    [InlineData(1_500, "1500ms")]
    [InlineData(7_200_000, "2h")]
    [InlineData(0, "0s")]
    public void What_is_written_can_be_read_again(int milliseconds, string expected)
    {
        Assert.Equal(expected, Duration.Format(TimeSpan.FromMilliseconds(milliseconds)));
        Assert.True(Duration.TryParse(expected, out var duration));
        Assert.Equal(milliseconds, duration.TotalMilliseconds);
    }
}
