using System.Text;

namespace SysGenId.Adversity.Tests.Input;

/// <summary>Lines that are wrong in every way a line can be, from a seed.</summary>
internal sealed class Garbage(int seed)
{
    private static readonly string[] _requests =
    [
        """{"op":"hello","protocol":1}""",
        """{"op":"register","protocol":1,"dir":"/run/sysgenid","generation":7,"id":"11111111-2222-4333-8444-555555555555"}""",
        """{"op":"published","id":"11111111-2222-4333-8444-555555555555","generation":7,"watchers":1,"outdated":0}""",
        """{"op":"restored","stage":"post-restore","initPid":1,"record":{"version":1,"generation":7}}""",
        """{"op":"wait-watchers","timeoutMs":1,"generation":7}""",
        """{"op":"force","minimumGeneration":7,"record":{"generation":[[[[]]]]}}""",
        """{"op":"quiesced","checkpoint":"1@2","watchers":3}""",
    ];

    private static readonly byte[][] _pieces =
    [
        "\"\""u8.ToArray(), "{"u8.ToArray(), "]"u8.ToArray(), "-1"u8.ToArray(), "1e999"u8.ToArray(), "4294967296"u8.ToArray(), "\\ud800"u8.ToArray(),
        "null"u8.ToArray(), [0], [0xFF, 0xFE], [0xC3, 0x28], [0xED, 0xA0, 0x80], Encoding.UTF8.GetBytes(new string('[', 64)),
    ];

    private readonly Random _random = new(seed);

    /// <summary>One line with its newline, never longer than a line may be: what is too long ends a connection and has tests of its own.</summary>
    public byte[] NextLine()
    {
        var line = _random.Next(4) == 0 ? Binary() : Damaged();
        line.RemoveAll(value => value == (byte)'\n');
        line.Add((byte)'\n');
        return [.. line];
    }

    private List<byte> Binary()
    {
        var bytes = new byte[_random.Next(200)];
        _random.NextBytes(bytes);
        return [.. bytes];
    }

    private List<byte> Damaged()
    {
        List<byte> line = [.. Encoding.UTF8.GetBytes(_requests[_random.Next(_requests.Length)])];
        for (var damage = _random.Next(1, 4); damage > 0 && line.Count > 0; damage--)
        {
            var at = _random.Next(line.Count);
            switch (_random.Next(4))
            {
                case 0: line[at] = (byte)_random.Next(256); break;
                case 1: line.RemoveRange(at, line.Count - at); break;
                case 2: line.InsertRange(at, _pieces[_random.Next(_pieces.Length)]); break;
                default: line.AddRange(line[at..]); break;
            }
        }

        return line;
    }
}
