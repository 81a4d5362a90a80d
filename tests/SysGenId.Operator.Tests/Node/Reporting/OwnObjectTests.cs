using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;
using SysGenId.Operator.Api;
using SysGenId.Operator.Cluster;
using SysGenId.Operator.Node.Reporting;
using SysGenId.Operator.Tests.Cluster;

namespace SysGenId.Operator.Tests.Node.Reporting;

public sealed class OwnObjectTests : IDisposable
{
    private readonly ScriptedApi _api;
    private readonly ClusterConnection _cluster;
    private readonly OwnObject _object;
    private SystemGeneration? _answer;

    public OwnObjectTests()
    {
        _api = ScriptedApi.Answering(_ => _answer is null ? throw new HttpRequestException("away") : ScriptedApi.Json(KubernetesJson.Serialize(_answer)));
        _cluster = _api.Connect();
        _object = new OwnObject(_cluster, "node-1", NullLogger.Instance);
    }

    public void Dispose()
    {
        _cluster.Dispose();
        _api.Dispose();
    }

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

    [Fact]
    public async Task Nothing_that_is_there_before_the_first_report_is_somebody_else_s()
    {
        Assert.Null(_object.ReportOfOthers(Reporting(50, 900, "foreign")));
        await ReportAsync(over: 50, 901, "ours", answer: 51);
        Assert.Null(_object.ReportOfOthers(Reporting(50, 900, "foreign")));
        Assert.Equal(new ForeignReport(52, 900, "foreign"), _object.ReportOfOthers(Reporting(52, 900, "foreign")));
    }

    [Fact]
    public async Task A_report_that_is_there_already_counts_as_one_s_own()
    {
        Assert.False(await _object.ReportAsync(Status(7, "ours"), Reporting(50, 7, "ours"), TestContext.Current.CancellationToken));
        Assert.True(_object.HasReported);
        Assert.NotNull(_object.ReportOfOthers(Reporting(51, 7, "foreign")));
    }

    [Fact]
    public async Task The_controller_s_condition_a_changed_spec_and_a_status_that_was_emptied_are_nobody_s_report()
    {
        await ReportAsync(over: 50, 7, "ours", answer: 51);
        var present = Reporting(60, 7, "ours");
        present.Status!.Conditions = [new V1Condition { Type = ConditionTypes.AgentReady, Status = "True", Reason = "PodReady" }];
        Assert.Null(_object.ReportOfOthers(present));
        present.Status = null;
        Assert.Null(_object.ReportOfOthers(present));
    }

    [Fact]
    public async Task Other_words_under_the_same_name_are_somebody_else_s()
    {
        await ReportAsync(over: 50, 7, "ours", answer: 51);
        var present = Reporting(52, 7, "ours");
        present.Status!.Watchers = 3;
        Assert.Equal(new ForeignReport(52, 7, "ours"), _object.ReportOfOthers(present));
    }

    [Fact]
    public async Task A_report_whose_answer_was_lost_is_one_s_own()
    {
        await ReportAsync(over: 50, 7, "ours", answer: 51);
        _answer = null;
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => ReportAsync(over: 51, 8, "ours too", answer: 0));
        Assert.Null(_object.ReportOfOthers(Reporting(52, 8, "ours too")));
        Assert.NotNull(_object.ReportOfOthers(Reporting(52, 8, "foreign")));
    }

    [Fact]
    public async Task S02_a_report_is_written_over_the_version_that_was_looked_at_and_one_that_was_overtaken_has_the_server_asked()
    {
        await ReportAsync(over: 50, 7, "ours", answer: 51);
        Assert.Contains("\"resourceVersion\":\"50\"", _api.Requests[^1].Body, StringComparison.Ordinal);
        See(51, "a");
        _object.Overtaken();
        _answer = Reporting(70, 900, "foreign");
        var owner = new V1Node { Metadata = new V1ObjectMeta { Name = "node-1", Uid = "n" } };
        Assert.False(await _object.EnsureAsync(owner, TestContext.Current.CancellationToken));
        Assert.Equal(("GET", "70"), (_api.Requests[^1].Method, Version));
        var asked = _api.Requests.Count;
        Assert.False(await _object.EnsureAsync(owner, TestContext.Current.CancellationToken));
        Assert.Equal(asked, _api.Requests.Count);
    }

    private Task<bool> ReportAsync(int over, long generation, string id, int answer)
    {
        if (answer > 0) _answer = Reporting(answer, generation, id);
        return _object.ReportAsync(Status(generation, id), Reporting(over, 0, "before"), TestContext.Current.CancellationToken);
    }

    private static SystemGenerationStatus Status(long generation, string id) => new() { Generation = generation, GenerationId = id };

    private static SystemGeneration Reporting(int version, long generation, string id)
    {
        var item = Item(version, "a");
        item.Metadata.OwnerReferences = [new V1OwnerReference { Kind = "Node", Uid = "n" }];
        item.Status = Status(generation, id);
        return item;
    }

    private void See(int version, string uid, ObjectChangeKind kind = ObjectChangeKind.Modified) =>
        _object.Take(new ObjectChange<SystemGeneration>(kind, "node-1", Item(version, uid)));

    private static SystemGeneration Item(int version, string uid) =>
        new() { Metadata = new V1ObjectMeta { Name = "node-1", Uid = uid, ResourceVersion = $"{version}" } };
}
