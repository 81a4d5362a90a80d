using SysGenId.TestSupport;
using SysGenId.TestSupport.Programs;

namespace SysGenId.Checkpoint.Tests;

/// <summary>What two clones of a .NET program draw, on threads that have drawn before the checkpoint.</summary>
public sealed class DotnetCloneTests(StandingNodes standing) : CheckpointTest(standing)
{
    private const string Program = "SysGenId.CloneWitness";

    private static readonly string[] _threads = ["first", "second", "third"];

    [Fact]
    public async Task Clones_that_renew_nothing_draw_the_same_bytes_and_make_the_same_keys()
    {
        var (one, other) = await ClonesAsync("");
        AssertEqual(one, other, "bytes", "key", "shared", "trace", "span", "hash");
        AssertDifferent(one, other, "guid", "guid7", "new");
    }

    [Fact]
    public async Task Clones_with_the_runtime_reset_draw_bytes_keys_and_traces_of_their_own_on_every_thread()
    {
        var (one, other) = await ClonesAsync("reset");
        AssertDifferent(one, other, "bytes", "key", "trace", "guid", "guid7", "new");

        // Documented as what nobody can renew; should a version of .NET change that, the documents want to know.
        AssertEqual(one, other, "shared", "span", "hash");
    }

    private static void AssertEqual(IReadOnlyList<Dictionary<string, string>> one, IReadOnlyList<Dictionary<string, string>> other, params string[] sources) =>
        Assert.All(sources, source => Assert.Equal(one.Select(draws => draws[source]), other.Select(draws => draws[source])));

    private static void AssertDifferent(IReadOnlyList<Dictionary<string, string>> one, IReadOnlyList<Dictionary<string, string>> other, params string[] sources) =>
        Assert.All(sources, source => Assert.Empty(one.Select(draws => draws[source]).Intersect(other.Select(draws => draws[source]))));

    /// <summary>Checkpoints the program once, restores it twice, and returns what each thread of either drew.</summary>
    private async Task<(IReadOnlyList<Dictionary<string, string>> One, IReadOnlyList<Dictionary<string, string>> Other)> ClonesAsync(string arguments)
    {
        var pod = await PodAsync(Setup.Named("runc"));
        var volume = pod.CreateVolume();
        var mounts = DotnetProgram.Mounts(Program);
        var container = await pod.RunAsync(
            volume, DotnetProgram.Command(Program, $"/work/log {arguments}"), options => options with { Mounts = [.. options.Mounts, .. mounts] });
        await volume.Log("log").NextAsync("ready");
        var checkpoint = await container.CheckpointAsync();
        return (await CloneAsync(), await CloneAsync());

        async Task<IReadOnlyList<Dictionary<string, string>>> CloneAsync()
        {
            var volume = pod.CreateVolume();
            await using var clone = await checkpoint.RestoreAsync(
                options => options with { Mounts = [.. options.Mounts.Where(mount => mount.Destination != volume.Mount.Destination), volume.Mount] });
            return await DrawnAsync(pod, volume.Log("log"));
        }
    }

    private static async Task<IReadOnlyList<Dictionary<string, string>>> DrawnAsync(PodOnNode pod, ProgramLog log)
    {
        await log.NextAsync("after", skip: _threads.Length - 1);
        Assert.Equal($"{pod.Generation}", log.Of("handled").Single()[1]);
        await Eventually.HoldsAsync(async () => (await pod.Sidecar.WatchersAsync()).GetProperty("outdated").GetInt32() == 0);
        return [.. log.Of("after").OrderBy(line => line[1], StringComparer.Ordinal).Select(line => line.Skip(2).Select(draw => draw.Split('=')).ToDictionary(draw => draw[0], draw => draw[1]))];
    }
}
