using System.Text;
using CsCheck;
using SysGenId.Core.Generations;
using SysGenId.Core.Protocol;

namespace SysGenId.Core.Tests.Protocol;

public sealed class MessageReaderTests
{
    private static readonly Gen<string> _text = Gen.OneOf(
        Gen.String, Gen.String.AlphaNumeric, Gen.OneOf("", "\u0000", "\"\\\n", "é€😀", "\u2028", new string('x', 3000)));

    [Fact]
    public void Whatever_a_message_says_is_read_back_as_it_was_written() =>
        Gen.Select(Gen.Select(_text.Null(), _text.Null(), Numbers.Any.Nullable(), Numbers.Any.Nullable()), Records.Null(), Gen.Guid.Nullable(), Gen.Long.Nullable(), Gen.Bool.Nullable(), Gen.Int[0, int.MaxValue].Nullable(), Gen.Enum<GenerationCause>().Nullable())
            .Sample((many, record, id, time, flag, count, cause) =>
            {
                var (text, other, generation, minimum) = many;
                var message = new Message
                {
                    Op = text,
                    Ok = flag,
                    Error = other,
                    Text = text,
                    Protocol = count,
                    Role = other,
                    Version = text,
                    Directory = other,
                    Generation = generation,
                    Minimum = minimum,
                    MinimumGeneration = generation,
                    Id = id,
                    Cause = cause,
                    TimeNs = time,
                    GateProven = flag,
                    AgentConnected = flag,
                    IsQuiesced = flag,
                    Container = other,
                    Count = count,
                    Checkpoint = text,
                    Watchers = count,
                    Outdated = count,
                    Expected = count,
                    InitPid = count,
                    ImageDirectory = other,
                    Stage = text,
                    Policy = other,
                    Record = record,
                    TimeoutMs = time,
                };
                var line = MessageWriter.ToLine(message);
                Assert.Equal(1, line.Count(octet => octet == (byte)'\n'));
                Assert.Equal(Readable(message), MessageReader.TryParse(line.AsSpan(0, line.Length - 1), out _));
            },
            iter: 2_000);

    [Fact]
    public void S21_Whatever_a_checkpoint_record_says_is_read_back_as_it_was_written() =>
        Records.Sample(record => Assert.Equal(Readable(record), CheckpointRecord.TryParse(record.ToJson())), iter: 2_000);

    [Theory]
    [InlineData("""{"op":"get","later":1}""")]
    [InlineData("""{"later":{"deep":[1,{"op":"force"}]},"op":"get"}""")]
    [InlineData("""{"op":"get","later":null,"Op":"force"}""")]
    [InlineData("""  {"op" : "get"}  """)]
    public void Unknown_fields_and_white_space_are_passed_over(string line) =>
        Assert.Equal(Message.Request("get"), MessageReader.TryParse(Encoding.UTF8.GetBytes(line), out _));

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("\"op\"")]
    [InlineData("{")]
    [InlineData("""{"op":"get"}{"op":"get"}""")]
    [InlineData("""{"op":"get"},""")]
    [InlineData("""{"op":"get",}""")]
    [InlineData("""{"op":'get'}""")]
    [InlineData("""{"op":"get" // comment""")]
    [InlineData("""{"op":"\ud800"}""")]
    [InlineData("""{"a":[[[[[[[[[1]]]]]]]]]}""")]
    public void What_is_not_one_object_is_refused_with_a_sentence(string line)
    {
        Assert.Null(MessageReader.TryParse(Encoding.UTF8.GetBytes(line), out var fault));
        Assert.Equal("a line must be one JSON object", fault);
    }

    [Theory]
    [InlineData("""{"generation":-1}""", "field 'generation': expected an integer from 0 to 4294967295")]
    [InlineData("""{"generation":4294967296}""", "field 'generation': expected an integer from 0 to 4294967295")]
    [InlineData("""{"generation":1.5}""", "field 'generation': expected an integer from 0 to 4294967295")]
    [InlineData("""{"generation":1e3}""", "field 'generation': expected an integer from 0 to 4294967295")]
    [InlineData("""{"generation":"1"}""", "field 'generation': expected an integer from 0 to 4294967295")]
    [InlineData("""{"minimumGeneration":null}""", "field 'minimumGeneration': expected an integer from 0 to 4294967295")]
    [InlineData("""{"watchers":-1}""", "field 'watchers': expected an integer from 0 to 2147483647")]
    [InlineData("""{"count":2147483648}""", "field 'count': expected an integer from 0 to 2147483647")]
    [InlineData("""{"op":7}""", "field 'op': expected a string")]
    [InlineData("""{"op":null}""", "field 'op': expected a string")]
    [InlineData("""{"id":"no"}""", "field 'id': expected a UUID")]
    [InlineData("""{"ok":1}""", "field 'ok': expected true or false")]
    [InlineData("""{"timeNs":9223372036854775808}""", "field 'timeNs': expected an integer")]
    [InlineData("""{"record":7}""", "field 'record': expected an object")]
    [InlineData("""{"record":{}}""", "field 'record': expected an object with a generation")]
    [InlineData("""{"record":{"generation":-1}}""", "field 'record': expected an integer from 0 to 4294967295")]
    public void A_field_of_the_wrong_kind_is_refused_by_name(string line, string expected)
    {
        Assert.Null(MessageReader.TryParse(Encoding.UTF8.GetBytes(line), out var fault));
        Assert.Equal(expected, fault);
    }

    [Theory]
    [InlineData("0", 0u)]
    [InlineData("2147483648", 0x8000_0000u)]
    [InlineData("4294967295", uint.MaxValue)]
    public void S01_Generations_are_read_over_their_whole_range(string number, uint expected) =>
        Assert.Equal(expected, MessageReader.TryParse(Encoding.UTF8.GetBytes($$"""{"generation":{{number}}}"""), out _)!.Generation);

    [Fact]
    public void A_cause_of_a_newer_version_does_not_make_a_bump_unreadable()
    {
        var message = MessageReader.TryParse("""{"op":"generation","generation":8,"cause":"MachineMoved"}"""u8, out _);
        Assert.Equal((8u, GenerationCause.Unknown), (message!.Generation!.Value, message.Cause!.Value));
    }

    [Fact]
    public void Bytes_that_are_not_UTF_8_are_refused()
    {
        Assert.Null(MessageReader.TryParse([.. "{\"op\":\""u8, 0xFF, .. "\"}"u8], out var fault));
        Assert.Equal("a line must be one JSON object", fault);
        Assert.Null(MessageReader.TryParse([.. "{\""u8, 0xC0, 0x80, .. "\":1}"u8], out _));
    }

    [Fact]
    public void The_last_of_repeated_fields_holds() =>
        Assert.Equal("get", MessageReader.TryParse("""{"op":"force","op":"get"}"""u8, out _)!.Op);

    private static Gen<CheckpointRecord> Records => Gen.Select(
        Numbers.Any, Gen.Guid, _text, _text, Gen.Int[0, int.MaxValue], Gen.Long,
        (generation, id, text, other, watchers, time) => new CheckpointRecord
        {
            Generation = generation,
            Id = id,
            Node = text,
            PodUid = other,
            PodNamespace = text,
            PodName = other,
            Container = text,
            Watchers = watchers,
            TimeNs = time,
        });

    // JSON carries no lone surrogates: they arrive as replacement characters.
    private static Message Readable(Message message) => message with
    {
        Op = Readable(message.Op),
        Error = Readable(message.Error),
        Text = Readable(message.Text),
        Role = Readable(message.Role),
        Version = Readable(message.Version),
        Directory = Readable(message.Directory),
        Container = Readable(message.Container),
        Checkpoint = Readable(message.Checkpoint),
        ImageDirectory = Readable(message.ImageDirectory),
        Stage = Readable(message.Stage),
        Policy = Readable(message.Policy),
        Record = message.Record is { } record ? Readable(record) : null,
    };

    private static CheckpointRecord Readable(CheckpointRecord record) => record with
    {
        Node = Readable(record.Node)!,
        PodUid = Readable(record.PodUid)!,
        PodNamespace = Readable(record.PodNamespace)!,
        PodName = Readable(record.PodName)!,
        Container = Readable(record.Container)!,
    };

    private static string? Readable(string? text) => text is null ? null : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
