using SysGenId.Adversity.Tests.Harness;
using SysGenId.TestSupport;

namespace SysGenId.Adversity.Tests.Crashes;

/// <summary>Kills one process after the other while bumps are forced and containers restored, and checks the promises after each.</summary>
internal sealed class KillTrial : IAsyncDisposable
{
    /// <summary>How many answers may come before the next kill: the moment is chosen by what happens, not by a clock.</summary>
    private const int MostAnswersBetween = 12;

    private readonly NodeOnTrial _node;
    private readonly IReadOnlyList<PodOnTrial> _pods;
    private readonly Witnesses _witnesses;
    private readonly Random _random;
    private readonly Answers _answers = new();
    private readonly ForceLoad[] _forces;
    private readonly RestoreLoad _restores;
    private int _agents;
    private int _sidecars;
    private int _hooks;

    public KillTrial(NodeOnTrial node, IReadOnlyList<PodOnTrial> pods, Witnesses witnesses, Random random)
    {
        (_node, _pods, _witnesses, _random) = (node, pods, witnesses, random);
        _forces = [.. pods.Select(pod => new ForceLoad(node, pod, _answers))];
        _restores = new RestoreLoad(node, pods, random.Next());
    }

    /// <summary>Kills somebody, helps them up again and checks everything.</summary>
    public async Task KillAsync(int number)
    {
        var moment = _answers.Count + _random.Next(MostAnswersBetween);
        await Eventually.HoldsAsync(() => _answers.Count >= moment, what: "the load goes on");
        Thread.SpinWait(_random.Next(20_000));
        switch (_random.Next(10))
        {
            case < 2: await KillAgentAsync(); break;
            case < 6: await KillSidecarAsync(); break;
            default: await KillHookAsync(); break;
        }

        await CheckAsync($"kill {number}");
    }

    /// <summary>Ends the load, and checks that what was left for the agent was taken.</summary>
    public async Task EndAsync()
    {
        foreach (var force in _forces)
            await force.DisposeAsync();
        await _restores.DisposeAsync();
        await CheckAsync("the end");
        await KillAgentAsync();
        await CheckAsync("the last kill");

        // But for what a killed hook had not finished: that begins with a dot.
        Assert.DoesNotContain(Directory.EnumerateFiles(_node.MissedDirectory), file => Path.GetFileName(file)[0] != '.');
        Assert.True(_restores.Restored > _restores.Refused, $"{_restores.Restored} restores, {_restores.Refused} refused");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var force in _forces)
            await force.DisposeAsync();
        await _restores.DisposeAsync();
    }

    public override string ToString() =>
        $"{_agents} agents, {_sidecars} sidecars and {_hooks} hooks killed under {_answers.Count} forced bumps and {_restores.Restored} restores "
        + $"({_restores.Refused} refused, {_restores.Killed} with the hook killed, the longest {_restores.Longest.TotalMilliseconds:0} ms)";

    private async Task KillAgentAsync()
    {
        _agents++;
        await _node.Process.KillAsync();
        var isSidecarToo = _random.Next(4) == 0;
        if (isSidecarToo)
            await KillSidecarAsync();
        await _node.StartAgentAsync();
    }

    private async Task KillSidecarAsync()
    {
        _sidecars++;
        var pod = _pods[_random.Next(_pods.Count)];
        await pod.Sidecar.KillAsync();
        pod.BeginSidecar();
    }

    private async Task KillHookAsync()
    {
        // A hook lives for some milliseconds, so this looks more often than a test that waits.
        var start = TimeProvider.System.GetTimestamp();
        while (!_restores.TryKillHook())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Eventually.Patience, "no hook came to be killed");
            await Task.Yield();
        }

        _hooks++;
    }

    private async Task CheckAsync(string when)
    {
        var last = _answers.Highest;
        var status = await _node.StatusAsync();
        Assert.True(status.GetProperty("generation").GetUInt32() >= last, $"after {when} the node is at {status.GetProperty("generation")}, but answered {last} before");
        try
        {
            await _witnesses.HaveSeenAsync(last);
        }
        catch (TimeoutException timeout)
        {
            throw new TimeoutException($"after {when}: {timeout.Message}\nagent: {Tail(_node.Log)}\nsidecars: {string.Join("\n", _pods.Select(pod => Tail(pod.Sidecar.Errors)))}", timeout);
        }

        string[] faults = [.. _witnesses.Faults, .. _answers.Faults, .. _restores.Faults];
        Assert.True(faults.Length == 0, $"after {when}: {string.Join("; ", faults)}");
    }

    private static string Tail(string log) => log.Length <= 1000 ? log : "…" + log[^1000..];
}
