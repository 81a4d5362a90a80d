using SysGenId.Core.Generations;
using SysGenId.Core.Protocol;

namespace SysGenId.Core.Tests.Protocol;

public sealed class GoldenMessageTests
{
    public static TheoryData<string> Names => [.. Samples.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_message_is_written_as_its_golden_line(string name) =>
        GoldenFiles.AssertEqual($"{name}.json", MessageWriter.ToLine(Samples.All[name]));

    [Theory]
    [MemberData(nameof(Names))]
    public void A_golden_line_is_read_as_its_message(string name)
    {
        var line = GoldenFiles.Read($"{name}.json");
        Assert.Equal((byte)'\n', line[^1]);
        Assert.Equal(Samples.All[name], MessageReader.TryParse(line.AsSpan(0, line.Length - 1), out var fault));
        Assert.Equal("", fault);
    }

    [Fact]
    public void Every_golden_line_belongs_to_a_message() =>
        Assert.Equal(
            Samples.All.Keys.Append("checkpoint-record").Append("node-policy").Append("missed-restore").Append("status.answer").Append("history.answer").Order(),
            Directory.GetFiles(GoldenFiles.Directory, "*.json").Select(Path.GetFileNameWithoutExtension).Order());

    [Fact]
    public void Every_operation_has_a_golden_line()
    {
        var operations = typeof(Operation).GetFields().Select(field => (string)field.GetRawConstantValue()!);
        Assert.Equal(operations.Order(), Samples.All.Values.Select(message => message.Op).OfType<string>().Distinct().Order());
    }

    [Theory]
    [InlineData("status.answer")]
    [InlineData("history.answer")]
    public void An_answer_with_lists_is_read_for_the_fields_every_answer_has(string name)
    {
        var line = GoldenFiles.Read($"{name}.json");
        var message = MessageReader.TryParse(line.AsSpan(0, line.Length - 1), out var fault);
        Assert.Equal("", fault);
        Assert.True(message!.Ok);
        if (name == "status.answer") Assert.Equal(GenerationCause.ContainerRestored, message.Cause);
    }

    [Fact]
    public void A_checkpoint_record_is_written_and_read_as_its_golden_file()
    {
        GoldenFiles.AssertEqual("checkpoint-record.json", Samples.Record.ToJson());
        Assert.Equal(Samples.Record, CheckpointRecord.TryParse(GoldenFiles.Read("checkpoint-record.json")));
    }

    [Fact]
    public void S25_A_missed_restore_is_written_and_read_as_its_golden_file()
    {
        GoldenFiles.AssertEqual("missed-restore.json", Samples.Missed.ToJson());
        Assert.Equal(Samples.Missed, MissedRestore.TryParse(GoldenFiles.Read("missed-restore.json")));
    }

    [Fact]
    public void A_node_policy_is_written_and_read_as_its_golden_file()
    {
        var policy = new NodePolicy(RestoreFailurePolicy.Ignore, TimeSpan.FromSeconds(2));
        GoldenFiles.AssertEqual("node-policy.json", policy.ToJson());
        Assert.Equal(policy, NodePolicy.Parse(GoldenFiles.Read("node-policy.json")));
    }
}
