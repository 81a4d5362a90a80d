using System.Collections.Concurrent;
using SysGenId.Adversity.Tests.Harness;

namespace SysGenId.Adversity.Tests.Crashes;

/// <summary>CRIU that restores one container after the other, with our record in every second checkpoint, and obeys the hook.</summary>
internal sealed class RestoreLoad : IAsyncDisposable
{
    /// <summary>Two processes are started for a call, on a machine that has other things to do.</summary>
    private static readonly TimeSpan _margin = TimeSpan.FromSeconds(2);

    private readonly NodeOnTrial _node;
    private readonly IReadOnlyList<PodOnTrial> _pods;
    private readonly Random _random;
    private readonly Task _restoring;
    private volatile HookCall? _running;
    private volatile bool _stopped;

    public RestoreLoad(NodeOnTrial node, IReadOnlyList<PodOnTrial> pods, int seed)
    {
        (_node, _pods, _random) = (node, pods, new Random(seed));
        _restoring = Task.Run(RestoreAsync);
    }

    /// <summary>What happened that must never happen.</summary>
    public ConcurrentBag<string> Faults { get; } = [];

    public int Restored { get; private set; }

    public int Refused { get; private set; }

    public int Killed { get; private set; }

    public TimeSpan Longest { get; private set; }

    /// <summary>Kills the hook that runs now; false when there is none.</summary>
    public bool TryKillHook() => _running?.TryKill() == true;

    public async ValueTask DisposeAsync()
    {
        _stopped = true;
        await _restoring;
    }

    private async Task RestoreAsync()
    {
        var without = HookCall.ImagesWith(_node, null);
        while (!_stopped)
        {
            var pod = _pods[_random.Next(_pods.Count)];
            var before = pod.Generation;
            var isOurs = _random.Next(2) == 0;
            var images = isOurs ? HookCall.ImagesWith(_node, before) : without;
            await using (var call = HookCall.Restored(_node, await pod.ContainerAsync(), images))
            {
                _running = call;
                await call.EndAsync();
                _running = null;
                Judge(call, pod, before, isOurs);
            }

            if (isOurs)
                Directory.Delete(images, recursive: true);
        }
    }

    private void Judge(HookCall call, PodOnTrial pod, uint before, bool isOurs)
    {
        if (call.Elapsed > Longest)
            Longest = call.Elapsed;
        if (call.Elapsed > _node.PublishTimeout + _margin)
            Faults.Add($"a restore was held for {call.Elapsed}");
        if (call.WasKilled)
            Killed++;
        else if (call.ExitCode != 0)
            Refused++;
        else
            Restored++;
        if (call is { WasKilled: false, ExitCode: not 0 } && !isOurs)
            Faults.Add($"a restore that is not ours was refused with {call.ExitCode}: {call.Errors}");
        if (call is { WasKilled: false, ExitCode: 0 } && isOurs && pod.Generation <= before)
            Faults.Add($"S20/S21: a restored process would read {pod.Generation}, not more than the {before} of its checkpoint");
    }
}
