using System.Text;
using SysGenId.Core.Generations;
using SysGenId.Core.Protocol;
using SysGenId.Sidecar.Tests.Fixture;
using SysGenId.TestSupport;

namespace SysGenId.Sidecar.Tests.Control;

public sealed class ControlProtocolTests
{
    [Fact]
    public void Hello_names_protocol_role_and_version()
    {
        using var sidecar = SidecarUnderTest.At(7);
        using var control = sidecar.Control();
        var answer = control.RequestText("""{"op":"hello","protocol":1}""");
        Assert.Equal((true, 1, "pod"), (answer.Ok!.Value, answer.Protocol!.Value, answer.Role));
        Assert.Equal(typeof(PodService).Assembly.GetName().Version!.ToString(3), answer.Version);
    }

    [Theory]
    [InlineData("""{"op":"hello","protocol":2}""")]
    [InlineData("""{"op":"hello"}""")]
    public void Hello_of_another_protocol_is_refused_and_the_connection_stays_usable(string line)
    {
        using var sidecar = SidecarUnderTest.At(7);
        using var control = sidecar.Control();
        Assert.Equal(ErrorCode.UnsupportedProtocol, control.RequestText(line).Error);
        Assert.True(control.Request(Operation.Get).Ok);
    }

    [Theory]
    [InlineData(Operation.Get)]
    [InlineData(Operation.Status)]
    public void Get_describes_the_pod(string operation)
    {
        using var sidecar = SidecarUnderTest.At(7);
        var id = Guid.NewGuid();
        sidecar.Link.Deliver(9, id: id, gateProven: true);
        using var control = sidecar.Control();
        var answer = control.Request(operation);
        Assert.Equal((true, "pod", 9u, id), (answer.Ok!.Value, answer.Role, answer.Generation!.Value, answer.Id!.Value));
        Assert.Equal((GenerationCause.ContainerRestored, 1_700_000_000_000_000_000L), (answer.Cause!.Value, answer.TimeNs!.Value));
        Assert.Equal((0, 0), (answer.Watchers!.Value, answer.Outdated!.Value));
        Assert.Equal((true, false, true), (answer.AgentConnected!.Value, answer.IsQuiesced!.Value, answer.GateProven!.Value));
    }

    [Theory]
    [InlineData("""{"op":"no-such"}""", ErrorCode.UnsupportedOperation)]
    [InlineData("""{"op":"generation","generation":9,"id":"6e0b3e35-79a5-4c5b-8f0c-a4b1ad1e6f10"}""", ErrorCode.UnsupportedOperation)]
    [InlineData("""{"op":"quiesce","checkpoint":"x"}""", ErrorCode.UnsupportedOperation)]
    [InlineData("""{}""", ErrorCode.InvalidArgument)]
    [InlineData("""{"op":7}""", ErrorCode.MalformedMessage)]
    [InlineData("""{"op":"get" """, ErrorCode.MalformedMessage)]
    [InlineData("[]", ErrorCode.MalformedMessage)]
    [InlineData("", ErrorCode.MalformedMessage)]
    [InlineData("\u0001\u0002", ErrorCode.MalformedMessage)]
    [InlineData("""{"op":"wait-watchers","timeoutMs":-1}""", ErrorCode.InvalidArgument)]
    [InlineData("""{"op":"wait-watchers","generation":4294967296}""", ErrorCode.MalformedMessage)]
    public void S14_what_is_not_understood_gets_a_typed_error_and_the_connection_stays_usable(string line, string error)
    {
        using var sidecar = SidecarUnderTest.At(7);
        using var control = sidecar.Control();
        var answer = control.RequestText(line);
        Assert.Equal((false, error), (answer.Ok!.Value, answer.Error));
        Assert.False(string.IsNullOrEmpty(answer.Text));
        Assert.Equal(7u, control.Request(Operation.Get).Generation);
    }

    [Fact]
    public async Task A_line_too_long_gets_a_typed_error_and_the_end()
    {
        using var sidecar = SidecarUnderTest.At(7);
        using var control = sidecar.Control();
        control.TrySend(Encoding.UTF8.GetBytes("{\"op\":\"" + new string('x', ProtocolLimits.MaximumLineLength)));
        Assert.Equal(ErrorCode.MessageTooLong, control.Receive().Error);
        await Eventually.HoldsAsync(() => control.IsEnded);
    }

    [Fact]
    public async Task A_line_too_slow_gets_a_typed_error_and_the_end()
    {
        using var sidecar = SidecarUnderTest.At(7);
        using var control = sidecar.Control();
        control.SendText("""{"op":"get"}""");
        control.Receive();
        control.Send("{\"op\":"u8);
        await Eventually.HoldsAsync(() =>
        {
            sidecar.Advance(ProtocolLimits.PartialMessageTimeout);
            return !control.IsSilent;
        });
        Assert.Equal(ErrorCode.MessageTooSlow, control.Receive().Error);
        await Eventually.HoldsAsync(() => control.IsEnded);
    }

    [Fact]
    public void Several_requests_in_one_packet_are_answered_in_order()
    {
        using var sidecar = SidecarUnderTest.At(7);
        using var control = sidecar.Control();
        control.SendText("{\"op\":\"get\"}\n{\"op\":\"nope\"}\n{\"op\":\"watchers\"}");
        Assert.Equal("pod", control.Receive().Role);
        Assert.Equal(ErrorCode.UnsupportedOperation, control.Receive().Error);
        Assert.Equal(0, control.Receive().Expected);
    }

    [Fact]
    public async Task One_connection_too_many_is_told_so()
    {
        using var sidecar = SidecarUnderTest.At(7);
        var clients = Enumerable.Range(0, ProtocolLimits.MaximumControlConnections).Select(_ => sidecar.Control()).ToList();
        foreach (var client in clients) Assert.True(client.Request(Operation.Get).Ok);
        using (var late = sidecar.Control())
        {
            Assert.Equal(ErrorCode.TooManyConnections, late.Receive().Error);
            await Eventually.HoldsAsync(() => late.IsEnded);
        }

        clients[0].Dispose();
        await sidecar.ServesAsync();
        foreach (var client in clients) client.Dispose();
    }

    [Fact]
    public void Random_lines_never_disturb_the_others()
    {
        using var sidecar = SidecarUnderTest.At(7);
        using var other = sidecar.Control();
        var random = new Random(2);
        for (var round = 0; round < 300; round++)
        {
            using var garbage = sidecar.Control();
            var bytes = new byte[random.Next(1, 400)];
            random.NextBytes(bytes);
            if (round % 2 == 0) bytes[^1] = (byte)'\n';
            garbage.TrySend(bytes);
        }

        Assert.Equal(7u, other.Request(Operation.Get).Generation);
    }

    [Fact]
    public void A_client_that_never_reads_its_answers_is_let_go()
    {
        using var sidecar = SidecarUnderTest.At(7);
        using var deaf = sidecar.Control();
        deaf.Socket.SendTimeout = 500;
        var requests = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"op\":\"get\"}\n", 1000)));
        for (var round = 0; round < 20; round++) deaf.TrySend(requests);
        using var other = sidecar.Control();
        Assert.True(other.Request(Operation.Get).Ok);
    }
}
