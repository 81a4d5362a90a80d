using System.Text.Json;
using SysGenId.Core.Generations;
using SysGenId.Core.Linux;
using SysGenId.Core.Protocol;
using SysGenId.Core.Transport;
using SysGenId.Operator.Node.Generations;
using SysGenId.Operator.Node.Sidecars;
using SysGenId.Operator.Tests.Node.Generations;
using SysGenId.TestSupport;

namespace SysGenId.Operator.Tests.Node.Sidecars;

public sealed class SidecarDirectoryTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly EventLoop _loop = new(TimeProvider.System);
    private readonly List<Descriptor> _open = [];
    private readonly GenerationChange _first = Changes.At(5);
    private readonly SidecarDirectory _sidecars;
    private int _changes;

    public SidecarDirectoryTests()
    {
        _sidecars = new SidecarDirectory(new Delivery(_first, null));
        _sidecars.Changed += () => _changes++;
    }

    public void Dispose()
    {
        foreach (var descriptor in _open) descriptor.Dispose();
        _loop.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public void A_sidecar_that_registers_is_told_of_the_gate_and_the_newest_change()
    {
        var sidecar = Register("a");
        Assert.Equal(
            ["""{"ok":true}""", """{"op":"gate","gateProven":false}""", Line(_first)],
            sidecar.Heard());
        Assert.Equal((1, 1), (_changes, _sidecars.Version));
    }

    [Fact]
    public void A_sidecar_that_has_confirmed_the_newest_change_is_not_sent_it_again()
    {
        var sidecar = Register("a", _first.Id);
        Assert.Equal(2, sidecar.Heard().Length);
        Assert.True(sidecar.Link.IsConfirmed);
    }

    [Fact]
    public void A_second_registration_of_one_pod_takes_the_place_of_the_first()
    {
        var first = Register("a");
        var second = Register("a");
        Assert.Equal([second.Link], _sidecars.Links);
        Assert.True(first.IsClosed);
        _sidecars.Remove(first.Link);
        Assert.Equal([second.Link], _sidecars.Links);
    }

    [Fact]
    public void S26_A_change_for_some_is_the_newest_for_them_and_the_others_skip_to_the_next_for_all()
    {
        var (one, other) = (Register("one", _first.Id), Register("other", _first.Id));
        var (mine, ours) = (Changes.At(6), Changes.At(7));
        _sidecars.DeliverTo([one.Link], new Delivery(mine, null));
        Assert.Equal(Line(mine), one.Heard()[^1]);
        Assert.Equal(2, other.Heard().Length);

        // Who comes back gets its own newest change.
        Assert.Equal(Line(mine), Register("one").Heard()[^1]);
        Assert.Equal(Line(_first), Register("other").Heard()[^1]);
        _sidecars.DeliverToAll(ours, [], null);
        Assert.Equal(Line(ours), Register("one").Heard()[^1]);
    }

    [Fact]
    public void S21_S28_A_minimum_is_sent_to_its_pod_alone_and_with_each_later_change_until_it_is_confirmed()
    {
        var (one, other) = (Register("one", _first.Id), Register("other", _first.Id));
        var (change, later, last) = (Changes.At(6), Changes.At(7), Changes.At(8));
        _sidecars.DeliverToAll(change, [one.Link], 900);
        Assert.Equal(Line(change, 900), one.Heard()[^1]);
        Assert.Equal(Line(change), other.Heard()[^1]);

        _sidecars.DeliverToAll(later, [], null);
        Assert.Equal(Line(later, 900), one.Heard()[^1]);
        Assert.Equal(Line(later), other.Heard()[^1]);

        // A smaller one does not take its place, a greater one does.
        _sidecars.DeliverTo([one.Link], new Delivery(last, 30));
        Assert.Equal(Line(last, 900), one.Heard()[^1]);
        _sidecars.DeliverTo([one.Link], new Delivery(Changes.At(9), 1000));
        Assert.EndsWith("\"minimum\":1000", one.Heard()[^1].Split(",\"id\"")[0], StringComparison.Ordinal);
    }

    [Fact]
    public void S26_A_change_is_kept_for_a_pod_whose_sidecar_is_away()
    {
        var (mine, ours) = (Changes.At(6), Changes.At(7));
        _sidecars.Keep("a", new Delivery(mine, 900));
        Assert.Equal(Line(mine, 900), Register("a").Heard()[^1]);
        Assert.Equal(Line(_first), Register("b").Heard()[^1]);
        _sidecars.DeliverToAll(ours, [], null);
        Assert.Equal(Line(ours, 900), Register("a").Heard()[^1]);
    }

    [Fact]
    public void Changes_are_kept_for_so_many_pods_only_and_never_forgotten_for_one_that_is_here()
    {
        var here = Register("here", _first.Id);
        _sidecars.DeliverTo([here.Link], new Delivery(Changes.At(6), 700));
        for (var pod = 0; pod < 5000; pod++) _sidecars.Keep($"{pod}", new Delivery(Changes.At(6), null));
        Assert.Contains("\"minimum\":700", Register("here").Heard()[^1], StringComparison.Ordinal);
        Assert.Equal(Line(_first), Register("0").Heard()[^1]);
        Assert.Contains("\"generation\":6,", Register("4999").Heard()[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void S16_The_counts_are_the_sums_of_what_sidecars_reported_and_an_unconfirmed_page_is_outdated()
    {
        var (one, other) = (Register("one", _first.Id), Register("other"));
        Assert.Equal((0, 1), (_sidecars.Watchers, _sidecars.Outdated));
        Report(one, 4, 1);
        Report(other, 3, 0);
        Assert.Equal((7, 4), (_sidecars.Watchers, _sidecars.Outdated));
        Report(other, 3, 0, _first.Id);
        Assert.Equal((7, 1), (_sidecars.Watchers, _sidecars.Outdated));
        _sidecars.Remove(one.Link);
        Assert.Equal((3, 0), (_sidecars.Watchers, _sidecars.Outdated));
    }

    [Fact]
    public void A_page_that_could_not_be_published_is_not_confirmed_until_it_is()
    {
        var sidecar = Register("a");
        _sidecars.Report(sidecar.Link, new Message { Op = Operation.Published, Id = _first.Id, Error = ErrorCode.GenerationExhausted });
        Assert.Equal((ErrorCode.GenerationExhausted, false), (sidecar.Link.Failure, sidecar.Link.IsConfirmed));
        _sidecars.Report(sidecar.Link, new Message { Op = Operation.Published, Id = _first.Id, Generation = 5 });
        Assert.Equal((null, true, 5u), (sidecar.Link.Failure, sidecar.Link.IsConfirmed, sidecar.Link.Generation));
    }

    [Fact]
    public void A_late_confirmation_of_an_earlier_change_does_not_confirm_the_newest()
    {
        var sidecar = Register("a");
        _sidecars.DeliverToAll(Changes.At(6), [], null);
        Report(sidecar, 0, 0, _first.Id);
        Assert.False(sidecar.Link.IsConfirmed);

        // And the counts of a report without a confirmation confirm nothing.
        _sidecars.Report(sidecar.Link, new Message { Op = Operation.Stats, Id = sidecar.Link.Target!.Change.Id });
        Assert.False(sidecar.Link.IsConfirmed);
    }

    [Fact]
    public void S27_Every_page_is_told_when_the_gate_is_proven_or_lost_and_only_then()
    {
        var sidecar = Register("a", _first.Id);
        _sidecars.SetGate(false);
        _sidecars.SetGate(true);
        _sidecars.SetGate(true);
        Assert.Equal(["""{"op":"gate","gateProven":true}"""], sidecar.Heard()[2..]);
        Assert.Equal("""{"op":"gate","gateProven":true}""", Register("b").Heard()[1]);
    }

    private static void Report(Registered sidecar, int watchers, int outdated, Guid? confirmed = null) => sidecar.Owner.Report(sidecar.Link, new Message
    {
        Op = confirmed is null ? Operation.Stats : Operation.Published,
        Id = confirmed,
        Watchers = watchers,
        Outdated = outdated,
    });

    private Registered Register(string pod, Guid confirmed = default)
    {
        var path = _directory.File($"{_open.Count}.sock");
        using var listener = UnixSocket.Listen(path, 0x1C0, 1);
        var peer = UnixSocket.TryConnect(path, blocking: false, out _)!;
        _open.Add(peer);
        var connection = new LineConnection(_loop, UnixSocket.TryAccept(listener, out _)!, new Silent());
        var identity = new SidecarIdentity(SidecarIdentity.PodKey(pod), pod, pod, null);
        return new Registered(_sidecars, _sidecars.Register(identity, connection, 0, confirmed), connection, peer);
    }

    private static string Line(GenerationChange change, uint? minimum = null) => JsonSerializer.Serialize(new Dictionary<string, object?>
    {
        ["op"] = "generation",
        ["generation"] = change.Generation,
        ["minimum"] = minimum,
        ["id"] = change.Id,
        ["cause"] = change.Cause.Name(),
        ["timeNs"] = change.TimeNs,
        ["gateProven"] = false,
    }.Where(field => field.Value is not null).ToDictionary());

    private sealed record Registered(SidecarDirectory Owner, SidecarLink Link, LineConnection Connection, Descriptor Peer)
    {
        private string _heard = "";

        public bool IsClosed => Connection.IsClosed;

        /// <summary>All lines sent to it so far.</summary>
        public string[] Heard()
        {
            var buffer = new byte[65536];
            int count;
            while ((count = UnixSocket.Receive(Peer, buffer, out _)) > 0) _heard += System.Text.Encoding.UTF8.GetString(buffer, 0, count);
            return _heard.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
    }

    private sealed class Silent : ILineHandler
    {
        public void OnLine(LineConnection connection, ReadOnlySpan<byte> line)
        {
        }

        public void OnFault(LineConnection connection, LineFault fault)
        {
        }

        public void OnClosed(LineConnection connection)
        {
        }
    }
}
