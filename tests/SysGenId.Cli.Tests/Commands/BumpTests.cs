namespace SysGenId.Cli.Tests.Commands;

public sealed class BumpTests
{
    [Fact]
    public void S13_a_bump_of_the_node_shows_where_it_came_from_and_went()
    {
        using var agent = FakeServer.Agent(("status", Answers.NodeStatus), ("force", Answers.Bumped));
        Golden.Matches("bump-node", CommandRun.Of("bump", "--socket", agent.Path).Everything);
        Assert.Equal("""{"op":"force","minimumGeneration":0}""", agent.Requests[^1]);
    }

    [Fact]
    public void A_bump_of_a_pod_is_the_pods_own()
    {
        using var pod = FakeServer.Pod(("get", Answers.PodStatus), ("force", Answers.Bumped));
        Golden.Matches("bump-pod", CommandRun.Of("bump", "--socket", pod.Path).Everything);
    }

    [Fact]
    public void A_minimum_is_handed_on()
    {
        using var agent = FakeServer.Agent(("status", Answers.NodeStatus), ("force", Answers.Bumped));
        Assert.Equal(Answers.Bumped + "\n", CommandRun.Of("bump", "--min", "4294967295", "-o", "json", "--socket", agent.Path).Output);
        Assert.Equal("""{"op":"force","minimumGeneration":4294967295}""", agent.Requests[^1]);
    }

    [Fact]
    public void Who_may_not_is_told_what_it_takes()
    {
        using var pod = FakeServer.Pod(("get", Answers.PodStatus), ("force", Answers.Error("permission-denied", "the caller has neither capability")));
        Golden.Matches("bump-denied", CommandRun.Of("bump", "--socket", pod.Path).Everything);
    }

    [Fact]
    public void S02_at_the_last_number_nothing_moves()
    {
        using var agent = FakeServer.Agent(("status", Answers.NodeStatus), ("force", Answers.Error("generation-exhausted", "nothing comes after 4294967295")));
        Golden.Matches("bump-exhausted", CommandRun.Of("bump", "--socket", agent.Path).Everything);
    }
}
