using System.Text;
using SysGenId.Core.Protocol;

namespace SysGenId.Core.Tests.Protocol;

/// <summary>A million inputs from a fixed seed: valid lines damaged in many ways, and noise.</summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    private const int Inputs = 1_000_000;
    private const int Seed = 20;

    // The longest sentence names a field of 41 characters at most, each of which may be escaped in 6 bytes, twice for a pair.
    private const int LongestAnswer = 1024;

    private static readonly byte[][] _tokens =
    [
        .. "{ } [ ] : , \" \\ \\u0000 \\ud800 null true -0 1e999 4294967296 18446744073709551616 \"op\" \"generation\" \"record\":{ \"id\": \"\\u".Split(' ')
            .Select(Encoding.UTF8.GetBytes),
        [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF0, 0x9F, 0x98, 0x80], [0],
    ];

    [Fact]
    public void Nothing_a_peer_can_send_throws_and_every_refusal_is_a_short_sentence()
    {
        var start = TimeProvider.System.GetTimestamp();
        var (halves, refused) = (2, 0);
        Parallel.For(0, halves, half =>
        {
            var mutator = new Mutator(new Random(Seed + half));
            for (var input = 0; input < Inputs / halves; input++)
            {
                if (!Survives(mutator.Next())) Interlocked.Increment(ref refused);
            }
        });
        var elapsed = TimeProvider.System.GetElapsedTime(start);
        output.WriteLine($"{Inputs} inputs, {refused} refused, {Inputs / elapsed.TotalSeconds:N0} inputs/s");
        Assert.InRange(refused, Inputs / 10, Inputs - Inputs / 10);
    }

    private static bool Survives(ReadOnlySpan<byte> input)
    {
        try
        {
            var message = MessageReader.TryParse(input, out var fault);
            var answer = MessageWriter.ToLine(message ?? Message.Failure(ErrorCode.MalformedMessage, fault));
            Assert.True(answer.Length <= (message is null ? LongestAnswer : 6 * input.Length + 2));
            Assert.Equal(message is null, fault.Length > 0);
            if (CheckpointRecord.TryParse(input) is { } record) Assert.True(record.ToJson().Length <= 6 * input.Length + 512);
            if (MissedRestore.TryParse(input) is { } missed) Assert.True(missed.ToJson().Length <= 6 * input.Length + 1024);
            var policy = NodePolicy.Parse(input);
            Assert.InRange(policy.PublishTimeout, TimeSpan.Zero, TimeSpan.FromMilliseconds(int.MaxValue));
            return message is not null;
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException($"on {Convert.ToHexString(input)}: {failure.Message}", failure);
        }
    }

    private sealed class Mutator(Random random)
    {
        private readonly byte[][] _lines = [.. Samples.All.Values.Select(MessageWriter.ToLine), Samples.Record.ToJson(), Samples.Missed.ToJson(), NodePolicy.Default.ToJson()];
        private readonly byte[] _input = new byte[1024];
        private int _length;

        public ReadOnlySpan<byte> Next()
        {
            if (random.Next(10) == 0)
            {
                _length = random.Next(200);
                random.NextBytes(_input.AsSpan(0, _length));
                return _input.AsSpan(0, _length);
            }

            var line = _lines[random.Next(_lines.Length)];
            _length = line.Length - 1;
            line.AsSpan(0, _length).CopyTo(_input);
            for (var times = random.Next(4); times > 0; times--) Mutate();
            return _input.AsSpan(0, _length);
        }

        private void Mutate()
        {
            var at = random.Next(_length + 1);
            switch (random.Next(6))
            {
                case 0: _length = at; break;
                case 1: Insert(at, [(byte)random.Next(256)]); break;
                case 2: Insert(at, _tokens[random.Next(_tokens.Length)]); break;
                case 3: if (at < _length) _input[at] ^= (byte)(1 << random.Next(8)); break;
                case 4: Cut(at, random.Next(1, 12)); break;
                default:
                    var other = _lines[random.Next(_lines.Length)];
                    var from = random.Next(other.Length);
                    Insert(at, other.AsSpan(from, Math.Min(random.Next(40), other.Length - from)));
                    break;
            }
        }

        private void Insert(int at, ReadOnlySpan<byte> bytes)
        {
            if (_length + bytes.Length > _input.Length) return;
            _input.AsSpan(at, _length - at).CopyTo(_input.AsSpan(at + bytes.Length));
            bytes.CopyTo(_input.AsSpan(at));
            _length += bytes.Length;
        }

        private void Cut(int at, int count)
        {
            count = Math.Min(count, _length - at);
            _input.AsSpan(at + count, _length - at - count).CopyTo(_input.AsSpan(at));
            _length -= count;
        }
    }
}
