using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;
using SysGenId.Operator.Api;
using SysGenId.Operator.Cluster;
using SysGenId.Operator.Node.Reporting;

namespace SysGenId.Operator.Tests.Node.Reporting;

public sealed class OwnObjectTests
{
    private readonly OwnObject _object = new(cluster: null!, "node-1", NullLogger.Instance);

    private string? Version => _object.Latest?.Metadata.ResourceVersion;

    [Fact]
    public void An_answer_that_the_watch_has_overtaken_is_forgotten_and_a_newer_one_is_not()
    {
        See(12, "a");
        _object.Take(Item(11, "a"));
        Assert.Equal("12", Version);
        _object.Take(Item(13, "a"));
        Assert.Equal("13", Version);
    }

    [Fact]
    public void What_was_removed_does_not_come_back_with_an_older_answer()
    {
        See(12, "a");
        See(14, "a", ObjectChangeKind.Removed);
        _object.Take(Item(13, "a"));
        Assert.Null(Version);
        _object.Take(Item(15, "b"));
        Assert.Equal("15", Version);
    }

    [Fact]
    public void The_removal_of_an_earlier_one_does_not_remove_its_successor()
    {
        _object.Take(Item(20, "b"));
        See(12, "a", ObjectChangeKind.Removed);
        Assert.Equal("20", Version);
    }

    [Fact]
    public void A_server_whose_versions_went_back_is_believed()
    {
        See(900, "a");
        See(40, "a");
        Assert.Equal("40", Version);
        _object.Take(Item(41, "a"));
        Assert.Equal("41", Version);
    }

    private void See(int version, string uid, ObjectChangeKind kind = ObjectChangeKind.Modified) =>
        _object.Take(new ObjectChange<SystemGeneration>(kind, "node-1", Item(version, uid)));

    private static SystemGeneration Item(int version, string uid) =>
        new() { Metadata = new V1ObjectMeta { Name = "node-1", Uid = uid, ResourceVersion = $"{version}" } };
}
