namespace SysGenId.VirtualMachine.Tests;

/// <summary>How long the programs of a clone run on as copies. A machine cannot be held until they were told (S20): it is measured.</summary>
public sealed class LatencyTests(StandingSnapshot standing) : VirtualMachineTest(standing)
{
    private const int Clones = 5;

    [Fact]
    public async Task S20_the_time_in_which_a_clone_does_not_know_that_it_is_one_is_measured()
    {
        List<ForkTiming> timings = [];
        for (var number = 1; number <= Clones; number++)
        {
            var clone = await CloneAsync();
            var woken = await clone.WokenAsync(NodeInGuest.Prompt, 1);
            timings.Add(new ForkTiming(woken, await clone.ForkedAsync(), clone.Guest.ContinuedAt));
        }

        var accelerator = await Accelerator.NameAsync();
        Report(accelerator, "fork line printed to watcher woken, in the guest's time", timings.Select(timing => timing.ForkLineToWoken));
        Report(accelerator, "resumed to watcher's line here, by the host's clock", timings.Select(timing => timing.ResumedToReport));
        Assert.All(timings, timing => Assert.InRange(timing.ForkLineToWoken, TimeSpan.Zero, timing.ResumedToReport));
    }

    private static void Report(string accelerator, string what, IEnumerable<TimeSpan> times)
    {
        var sorted = times.Order().ToList();
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{accelerator}, {sorted.Count} clones, {what}: median {sorted[sorted.Count / 2].TotalMilliseconds:0.0} ms " +
            $"({string.Join(", ", sorted.Select(time => $"{time.TotalMilliseconds:0.0}"))})");
    }
}
