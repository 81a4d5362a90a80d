using SysGenId.Core.Linux;
using SysGenId.Core.Protocol;
using SysGenId.TestSupport;

namespace SysGenId.Core.Tests.Transport;

/// <summary>Descriptors that come with lines: taken with their line, or closed.</summary>
public sealed class DescriptorLineTests : IDisposable
{
    private readonly LineServer _server = new();
    private readonly Queue<int> _wanted = new();
    private readonly List<int> _taken = [];

    public DescriptorLineTests() => _server.Answer = (connection, _) =>
    {
        var taken = connection.TakeDescriptors(_wanted.Count == 0 ? int.MaxValue : _wanted.Dequeue());
        _taken.Add(taken.Length);
        foreach (var descriptor in taken) descriptor.Dispose();
    };

    public void Dispose() => _server.Dispose();

    [Fact]
    public async Task Descriptors_come_with_their_line_and_lines_without_have_none()
    {
        using var client = Connect();
        using var passed = new PassedDescriptor();
        UnixSocket.Send(client, "plain\n"u8, out _);
        passed.Send(client, "with two\n", 2);
        UnixSocket.Send(client, "plain\n"u8, out _);
        passed.Send(client, "with one\n", 1);
        await Eventually.HoldsAsync(() => _server.Lines.Count == 4);
        _server.Running.Settle();
        Assert.Equal(3, _taken.Sum());
        Assert.Equal(2, _taken[1] + _taken[0]);
        await passed.IsClosedAsync();
    }

    [Fact]
    public async Task Those_that_are_not_taken_with_the_last_line_are_closed()
    {
        using var client = Connect();
        using var passed = new PassedDescriptor();
        _wanted.Enqueue(1);
        passed.Send(client, "line\n", 5);
        await Eventually.HoldsAsync(() => _server.Lines.Count == 1);
        await passed.IsClosedAsync();
        Assert.Equal([1], _taken);
    }

    [Fact]
    public async Task Where_nobody_takes_descriptors_the_kernel_drops_them()
    {
        using var client = Connect(takes: false);
        using var passed = new PassedDescriptor();
        passed.Send(client, "line\n", 5);
        await passed.IsClosedAsync();
        _server.Running.Settle();
        Assert.Equal([0], _taken);
    }

    [Fact]
    public async Task Those_of_a_line_in_parts_wait_for_its_end_and_only_as_many_as_a_line_can_have()
    {
        using var client = Connect();
        using (var passed = new PassedDescriptor())
        {
            passed.Send(client, "be", DescriptorMessage.MaximumDescriptors);
            _server.Running.Settle();
            UnixSocket.Send(client, "gin\n"u8, out _);
            await passed.IsClosedAsync();
            Assert.Equal([DescriptorMessage.MaximumDescriptors], _taken);
        }

        using var more = new PassedDescriptor();
        for (var part = 0; part < 10; part++) more.Send(client, "x", DescriptorMessage.MaximumDescriptors);
        await Eventually.HoldsAsync(() => more.OpenCopies() <= DescriptorMessage.MaximumDescriptors);
        UnixSocket.Send(client, "\n"u8, out _);
        await more.IsClosedAsync();
        _server.Running.Settle();
        Assert.True(_taken[1] <= DescriptorMessage.MaximumDescriptors);
    }

    [Theory]
    [InlineData("slow")]
    [InlineData("long")]
    [InlineData("gone")]
    public async Task Those_of_a_line_that_never_ends_are_closed_with_its_connection(string fault)
    {
        using var client = Connect();
        using var passed = new PassedDescriptor();
        passed.Send(client, "begin", 7);
        _server.Running.Settle();
        if (fault == "slow") _server.Running.Advance(ProtocolLimits.PartialMessageTimeout);
        else if (fault == "long") UnixSocket.Send(client, new byte[ProtocolLimits.MaximumLineLength], out _);
        else client.Dispose();
        await passed.IsClosedAsync();
        Assert.Empty(_taken);
    }

    [Fact]
    public async Task A_line_with_descriptors_is_sent_at_once_or_not_at_all()
    {
        using var client = Connect();
        using var passed = new PassedDescriptor();
        var connection = _server.Connections[0];
        Assert.True(_server.Running.Invoke(() => connection.TrySend("line\n"u8, passed.Numbers(3))));
        var received = new List<Descriptor>();
        var buffer = new byte[100];
        Assert.Equal(5, DescriptorMessage.Receive(client, buffer, received, out _));
        Assert.Equal(3, received.Count);
        received.ForEach(descriptor => descriptor.Dispose());

        _server.Running.Invoke(() => connection.Send(new byte[ProtocolLimits.MaximumUnsent - 1]));
        Assert.False(_server.Running.Invoke(() => connection.TrySend("line\n"u8, passed.Numbers(3))));
        _server.Running.Invoke(connection.Dispose);
        Assert.False(_server.Running.Invoke(() => connection.TrySend("line\n"u8, passed.Numbers(3))));
        await passed.IsClosedAsync();
    }

    private Descriptor Connect(bool takes = true)
    {
        var client = UnixSocket.TryConnect(_server.Path, blocking: true, out _)!;
        _server.Running.Settle();
        _server.Running.Invoke(() => _server.Connections[0].TakesDescriptors = takes);
        return client;
    }
}
