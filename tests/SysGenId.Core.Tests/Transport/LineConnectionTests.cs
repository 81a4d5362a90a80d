using System.Text;
using SysGenId.Core.Protocol;
using SysGenId.Core.Transport;
using SysGenId.TestSupport;

namespace SysGenId.Core.Tests.Transport;

public sealed class LineConnectionTests : IDisposable
{
    private const int MaximumLine = ProtocolLimits.MaximumLineLength;

    private static readonly TimeSpan _timeout = ProtocolLimits.PartialMessageTimeout;

    private readonly LineServer _server = new();

    public void Dispose() => _server.Dispose();

    [Fact]
    public void Lines_split_in_every_position_arrive_whole()
    {
        var bytes = "{\"op\":\"get\"}\n\n{\"op\":\"é\"}\n"u8.ToArray();
        var client = _server.Connect();
        for (var at = 1; at < bytes.Length; at++)
        {
            _server.Lines.Clear();
            client.Send(bytes.AsSpan(0, at));
            _server.Running.Settle();
            client.Send(bytes.AsSpan(at));
            _server.Running.Settle();
            Assert.Equal(["{\"op\":\"get\"}", "", "{\"op\":\"é\"}"], _server.Lines);
        }
    }

    [Fact]
    public void Bytes_that_come_one_at_a_time_make_the_same_lines()
    {
        var client = _server.Connect();
        foreach (var octet in "one\ntwo\n"u8.ToArray())
        {
            client.Send([octet]);
            _server.Running.Settle();
        }

        Assert.Equal(["one", "two"], _server.Lines);
    }

    [Fact]
    public async Task Many_lines_in_one_send_arrive_in_order()
    {
        var lines = Enumerable.Range(0, 20_000).Select(number => $"line {number}").ToList();
        _server.Connect().Send(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n"))));
        await Eventually.HoldsAsync(() => _server.Lines.Count == lines.Count);
        Assert.Equal(lines, _server.Lines);
    }

    [Fact]
    public async Task The_longest_line_is_taken_and_more_after_it()
    {
        var client = _server.Connect();
        client.Send([.. Enumerable.Repeat((byte)'x', MaximumLine - 1), (byte)'\n', (byte)'y', (byte)'\n']);
        await Eventually.HoldsAsync(() => _server.Lines.Count == 2);
        Assert.Equal([MaximumLine - 1, 1], _server.Lines.Select(line => line.Length));
        Assert.Empty(_server.Faults);
    }

    [Theory]
    [InlineData(MaximumLine, true)]
    [InlineData(MaximumLine, false)]
    [InlineData(3 * MaximumLine, true)]
    [InlineData(3 * MaximumLine, false)]
    public async Task A_line_that_is_too_long_is_answered_with_a_fault_and_the_end(int length, bool isEnded)
    {
        var client = _server.Connect();
        client.Send([.. Enumerable.Repeat((byte)'x', length), .. isEnded ? "\nmore\n"u8 : ""u8]);
        var answer = MessageReader.TryParse(LineServer.ReadToEnd(client).AsSpan()[..^1], out _);
        Assert.Equal(ErrorCode.MessageTooLong, answer!.Error);
        Assert.Empty(_server.Lines);
        Assert.Equal([LineFault.TooLong], _server.Faults);
        await OneIsClosedAsync();
    }

    [Fact]
    public async Task A_line_that_dribbles_is_a_fault_however_often_bytes_come()
    {
        var client = _server.Connect();
        for (var second = 0; second < 5; second++)
        {
            Assert.Empty(_server.Faults);
            client.Send("x"u8);
            _server.Running.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal([LineFault.TooSlow], _server.Faults);
        Assert.NotEmpty(LineServer.ReadToEnd(client));
        await OneIsClosedAsync();
    }

    [Fact]
    public void Whole_lines_may_come_as_slowly_as_they_like_and_each_has_its_time_from_its_first_byte()
    {
        var client = _server.Connect();
        for (var round = 0; round < 5; round++)
        {
            client.Send("fir"u8);
            _server.Running.Advance(_timeout * 0.7);
            client.Send("st\nsec"u8);
            _server.Running.Advance(_timeout * 0.7);
            client.Send("ond\n"u8);
            _server.Running.Advance(_timeout * 3);
        }

        Assert.Empty(_server.Faults);
        Assert.Equal(10, _server.Lines.Count);
    }

    [Fact]
    public void A_peer_that_does_not_read_is_cut_off_and_others_are_served()
    {
        var (idle, other) = (_server.Connect(), _server.Connect());
        var line = new byte[8 * 1024];
        line[^1] = (byte)'\n';
        for (var sent = 0; sent < 4 * ProtocolLimits.MaximumUnsent; sent += line.Length) _server.Running.Invoke(() => _server.Connections[0].Send(line));
        _server.Running.Settle();
        Assert.Same(_server.Connections[0], Assert.Single(_server.Closed));
        Assert.True(LineServer.ReadToEnd(idle).Length < 2 * ProtocolLimits.MaximumUnsent);
        other.Send("hello\n"u8);
        _server.Running.Settle();
        Assert.Equal(["hello"], _server.Lines);
    }

    [Fact]
    public async Task What_does_not_fit_at_once_is_sent_as_the_peer_reads_in_order_and_then_the_connection_closes()
    {
        var client = _server.Connect();
        var content = Enumerable.Range(0, 100_000).SelectMany(BitConverter.GetBytes).ToArray();
        _server.Running.Invoke(() =>
        {
            foreach (var chunk in content.Chunk(10_000)) _server.Connections[0].Send(chunk);
            _server.Connections[0].CloseWhenSent();
        });
        _server.Running.Settle();
        Assert.Empty(_server.Closed);
        Assert.Equal(content, LineServer.ReadToEnd(client));
        await OneIsClosedAsync();
    }

    [Fact]
    public void A_connection_with_nothing_unsent_closes_at_once()
    {
        var client = _server.Connect();
        _server.Running.Invoke(() => _server.Connections[0].CloseWhenSent());
        Assert.Empty(LineServer.ReadToEnd(client));
    }

    [Theory]
    [InlineData("last\n")]
    [InlineData("last\nfollowed by a part")]
    [InlineData("last\nfollowed\nby\nmore\n")]
    public async Task A_peer_that_reads_nothing_after_the_last_answer_is_closed_in_time(string lines)
    {
        _server.Answer = (connection, _) =>
        {
            connection.Send(new byte[ProtocolLimits.MaximumUnsent - 1]);
            connection.CloseWhenSent();
        };
        _server.Connect().Send(Encoding.UTF8.GetBytes(lines));
        _server.Running.Advance(_timeout * 0.9);
        Assert.Equal(["last"], _server.Lines);
        Assert.Empty(_server.Closed);
        _server.Running.Advance(_timeout * 0.1);
        await OneIsClosedAsync();
        Assert.Empty(_server.Faults);
    }

    [Fact]
    public async Task Lines_behind_the_one_that_closed_the_connection_are_not_delivered_and_the_end_is_told_once()
    {
        _server.Answer = (connection, _) => connection.Dispose();
        _server.Connect().Send("one\ntwo\n"u8);
        _server.Running.Settle();
        _server.Running.Invoke(() => _server.Connections[0].Dispose());
        Assert.Equal(["one"], _server.Lines);
        await OneIsClosedAsync();
        Assert.True(_server.Connections[0].IsClosed);
    }

    [Fact]
    public async Task What_a_peer_sent_before_it_left_is_read_though_answers_to_it_are_lost()
    {
        _server.Answer = (connection, _) => connection.Send("answer\n"u8);
        var client = _server.Connect();
        client.Send(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("request\n", 1000))));
        client.Dispose();
        await Eventually.HoldsAsync(() => _server.Closed.Count == 1);
        Assert.Equal(1000, _server.Lines.Count);
    }

    [Fact]
    public async Task A_line_that_the_peer_did_not_end_before_it_left_is_dropped()
    {
        var client = _server.Connect();
        client.Send("half"u8);
        _server.Running.Settle();
        client.Dispose();
        _server.Running.Settle();
        await OneIsClosedAsync();
        _server.Running.Advance(_timeout * 2);
        Assert.Empty(_server.Lines);
        Assert.Empty(_server.Faults);
    }

    [Fact]
    public async Task Sending_on_a_closed_connection_does_nothing()
    {
        _server.Connect();
        _server.Running.Invoke(() =>
        {
            var connection = _server.Connections[0];
            connection.Dispose();
            connection.Send("late\n"u8);
            connection.CloseWhenSent();
        });
        await OneIsClosedAsync();
    }

    [Fact]
    public async Task A_connection_that_is_yet_to_start_is_served_from_its_start_with_what_was_sent_before()
    {
        _server.IsStarted = false;
        var client = _server.Connect();
        client.Send("one\ntwo\nthr"u8);
        _server.Running.Settle();
        Assert.Empty(_server.Lines);
        Assert.Equal(2, _server.Running.Invoke(() =>
        {
            _server.Connections[0].Start();
            return _server.Lines.Count;
        }));
        client.Send("ee\n"u8);
        await Eventually.HoldsAsync(() => _server.Lines.Count == 3);
        Assert.Equal(["one", "two", "three"], _server.Lines);
    }

    [Theory]
    [InlineData("")]
    [InlineData("one\n")]
    public async Task A_connection_whose_peer_has_left_before_its_start_ends_with_what_was_sent(string sent)
    {
        _server.IsStarted = false;
        var client = _server.Connect();
        client.Send(Encoding.UTF8.GetBytes(sent));
        client.Dispose();
        _server.Running.Invoke(() => _server.Connections[0].Start());
        await OneIsClosedAsync();
        Assert.Equal(sent.Length > 0 ? ["one"] : [], _server.Lines);
    }

    [Fact]
    public async Task What_was_sent_to_a_peer_that_does_not_read_before_the_start_is_sent_as_it_reads()
    {
        _server.IsStarted = false;
        _server.Answer = (connection, _) => connection.CloseWhenSent();
        var client = _server.Connect();
        var content = new byte[ProtocolLimits.MaximumUnsent - 1];
        client.Send("last\n"u8);
        _server.Running.Invoke(() =>
        {
            _server.Connections[0].Send(content);
            _server.Connections[0].Start();
        });
        Assert.Equal(content.Length, LineServer.ReadToEnd(client).Length);
        await OneIsClosedAsync();
    }

    // The client sees the end of the stream before the server's handler is told of it.
    private Task OneIsClosedAsync() => Eventually.HoldsAsync(() => _server.Closed.Count == 1, what: "the connection is closed");
}
