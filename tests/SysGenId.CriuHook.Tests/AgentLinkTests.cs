using System.Text;
using CsCheck;
using SysGenId.Core.Protocol;
using SysGenId.TestSupport;
using SysGenId.TestSupport.Nodes;

namespace SysGenId.CriuHook.Tests;

public sealed class AgentLinkTests : IDisposable
{
    private static readonly Gen<string>[] _forms =
        [Gen.Const("""{"ok":true}"""), Gen.Const("""{"ok":false}"""), Gen.Const("""{"ok":true,"record":{"generation":1}}"""), Gen.Const("""{"ok":null}""")];

    private static readonly Gen<byte[]> _answers = Gen.OneOf(
        Gen.Byte.Array[0, 64],
        Gen.String.Select(Encoding.UTF8.GetBytes),
        Gen.Select(Gen.OneOf(_forms), Gen.Int[0, 40], Gen.Byte)
            .Select((json, at, change) => Changed(Encoding.UTF8.GetBytes(json), at, change)));

    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public async Task Only_an_answer_that_says_yes_is_a_yes()
    {
        var answer = Array.Empty<byte>();
        await using var agent = FakeAgent.Sending(_directory.File("s"), () => answer);
        _answers.Sample(
            bytes =>
            {
                answer = [.. bytes, (byte)'\n'];
                var reply = AgentLink.Ask(_directory.File("s"), Message.Request(Operation.Restored), new Deadline(TimeSpan.Zero), new Deadline(TimeSpan.FromSeconds(30)));
                var line = answer.AsSpan(0, answer.AsSpan().IndexOf((byte)'\n'));
                Assert.Equal(MessageReader.TryParse(line, out _)?.Ok == true, reply.IsDone);
                Assert.Equal(reply.IsDone, reply.Reason.Length == 0);
            },
            iter: 5000,
            threads: 1);
    }

    [Fact]
    public void An_agent_whose_backlog_is_full_holds_nobody_up()
    {
        using var listener = Core.Linux.UnixSocket.Listen(_directory.File("full"), 0x1FF, 0);
        var connections = new List<Core.Linux.Descriptor?>();
        while (Core.Linux.UnixSocket.TryConnect(_directory.File("full"), blocking: false, out _) is { } connection) connections.Add(connection);

        var reply = AgentLink.Ask(_directory.File("full"), Message.Request(Operation.Restored), new Deadline(TimeSpan.FromMilliseconds(50)), new Deadline(TimeSpan.FromSeconds(30)));

        Assert.Equal(AgentOutcome.Unreachable, reply.Outcome);
        foreach (var connection in connections) connection!.Dispose();
    }

    public void Dispose() => _directory.Dispose();

    private static byte[] Changed(byte[] json, int at, byte change)
    {
        json[at % json.Length] = change;
        return json;
    }
}
