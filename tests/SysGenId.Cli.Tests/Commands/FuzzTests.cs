using System.Text;
using CsCheck;
using SysGenId.Cli.Commands;
using SysGenId.Cli.Sockets;

namespace SysGenId.Cli.Tests.Commands;

/// <summary>Whatever a socket says, the answer is a sentence and an exit code, never a stack trace.</summary>
public sealed class FuzzTests
{
    private static readonly string[] _commands = ["status", "wait", "bump", "watchers", "history", "doctor"];

    private static readonly string[] _seeds = [Answers.NodeStatus, Answers.PodStatus, Answers.History, Answers.Bumped, Answers.TroubledNodeStatus];

    // Pieces of real answers, cut, glued together, and with single bytes changed.
    private static readonly Gen<byte[]> _spoilt =
        from seed in OneOf(_seeds)
        from start in Gen.Int[0, 20]
        from length in Gen.Int[0, 2000]
        from places in Gen.Int[0, 2000].Array[0, 4]
        from bytes in Gen.Byte.Array[4]
        select Spoil(Encoding.UTF8.GetBytes(seed), start > 10 ? start - 10 : 0, length, places, bytes);

    private static readonly Gen<byte[]> _answers = Gen.OneOf(_spoilt, Gen.Byte.Array[0, 200], Values());

    [Fact]
    public void Spoilt_answers_never_end_in_a_defect() => Gen.Select(_answers, OneOf(_commands), Gen.Bool, OneOf("node", "pod")).Sample(
        (answer, command, forPrograms, role) =>
        {
            byte[] line = [.. answer.Where(value => value != (byte)'\n'), (byte)'\n'];
            using var server = FakeServer.Raw(request => request.Contains("hello", StringComparison.Ordinal)
                ? FakeServer.Line($$"""{"ok":true,"role":"{{role}}","version":"0.1.0"}""")
                : line);
            var run = CommandRun.Of(command, "--socket", server.Path, "--output", forPrograms ? "json" : "text");
            Assert.DoesNotContain("defect", run.Errors + run.Output, StringComparison.Ordinal);
            Assert.True(Enum.IsDefined(run.ExitCode));
            Assert.NotEqual("", run.Output + run.Errors);
        }, iter: 1500);

    [Fact]
    public void Spoilt_answers_are_understood_or_refused() => _answers.Sample(
        line =>
        {
            try
            {
                var answer = Answer.Parse(line);
                new StatusText(answer, TimeProvider.System).WriteNode(TextWriter.Null);
                answer.WriteTo(TextWriter.Null);
            }
            catch (CommandFailure refusal)
            {
                Assert.Equal(FailureCode.MalformedAnswer, refusal.Code);
            }
        }, iter: 200_000);

    // Well-formed objects whose fields are of any kind.
    private static Gen<byte[]> Values()
    {
        var names = OneOf("ok", "generation", "id", "cause", "timeNs", "node", "sidecars", "gate", "state", "changes", "watchers", "outdated", "error", "message");
        var values = OneOf(
            "true", "false", "null", "0", "-1", "4294967295", "1e400", "\"\"", "\"\\ud800\"", "\"\\u0007\"", "[]", "[{}]", "[{\"name\":1}]", "[null]", "{}",
            "{\"proven\":\"no\"}", "{\"proven\":false}", "{\"path\":[]}", "9223372036854775807", "-9223372036854775808");
        return Gen.Select(names, values).Array[0, 8].Select(fields =>
            Encoding.UTF8.GetBytes("{\"ok\":true,\"generation\":1," + string.Join(',', fields.Select(field => $"\"{field.Item1}\":{field.Item2}")) + "}"));
    }

    private static Gen<string> OneOf(params string[] words) => Gen.Int[0, words.Length - 1].Select(index => words[index]);

    private static byte[] Spoil(byte[] seed, int start, int length, int[] places, byte[] bytes)
    {
        var piece = seed.Skip(start).Take(length).ToArray();
        for (var index = 0; index < places.Length && piece.Length > 0; index++) piece[places[index] % piece.Length] = bytes[index];
        return piece;
    }
}
