using System.Text.Json;
using SysGenId.TestSupport;

namespace SysGenId.VirtualMachine.Tests;

/// <summary>What a snapshot of a node becomes that is started more than once.</summary>
public sealed class CloneTests(StandingSnapshot standing) : VirtualMachineTest(standing)
{
    [Fact]
    public async Task S24_the_watchers_of_each_clone_are_woken_and_no_two_clones_have_a_name_in_common()
    {
        var before = await ResumeAsync();
        List<string> names = [IdOf(await before.PageAsync())];
        for (var number = 1; number <= 2; number++)
        {
            var clone = await CloneAsync();

            await clone.WokenAsync(NodeInGuest.Prompt, 1);
            await clone.WokenAsync(NodeInGuest.Careful, 1);
            var page = await clone.PageAsync();
            Assert.Equal(1u, page.GetProperty("generation").GetUInt32());
            Assert.Equal("VirtualMachineRestored", page.GetProperty("cause").GetString());
            Assert.Equal(IdOf(await clone.StatusAsync()), IdOf(page));
            names.Add(IdOf(page));
        }

        Assert.Equal(3, names.Distinct().Count());
    }

    [Fact]
    public async Task The_history_of_a_clone_says_that_the_kernel_told_of_it()
    {
        var clone = await CloneAsync();
        await clone.WokenAsync(NodeInGuest.Prompt, 1);

        var change = Assert.Single(await clone.HistoryAsync());

        Assert.Equal("VirtualMachineRestored", change.GetProperty("cause").GetString());
        Assert.Equal(["kernel-log"], change.GetProperty("sources").EnumerateArray().Select(source => source.GetString()));
        Assert.Equal("published", change.GetProperty("outcome").GetString());
        Assert.False(change.TryGetProperty("suspected", out _), "nothing was lost");
        Assert.Equal(IdOf(await clone.StatusAsync()), IdOf(change));
        var source = Assert.Single((await clone.StatusAsync()).GetProperty("sources").EnumerateArray(), IsKernelLog);
        Assert.True(source.GetProperty("active").GetBoolean(), source.ToString());
    }

    [Fact]
    public async Task S12_waiting_for_the_watchers_of_a_clone_ends_when_the_last_of_them_has_acked()
    {
        var clone = await CloneAsync();
        await clone.AckedAsync(NodeInGuest.Prompt, 1);
        await clone.WokenAsync(NodeInGuest.Careful, 1);

        await Eventually.HoldsAsync(async () => (await clone.StatusAsync()).GetProperty("outdated").GetInt32() == 1, what: "only the careful one is outdated");
        Assert.Equal(ExitCodes.TimedOut, await clone.WaitForWatchersAsync(seconds: 1));

        await clone.LetCarefulAckAsync();
        Assert.Equal(ExitCodes.Done, await clone.WaitForWatchersAsync(seconds: 30));
        Assert.Equal(0, (await clone.StatusAsync()).GetProperty("outdated").GetInt32());
    }

    [Fact]
    public async Task A_machine_that_goes_on_under_its_own_id_is_no_clone()
    {
        var same = await ResumeAsync();

        // The kernel was made to look and saw the same id. What follows takes the very next number.
        await same.LookedAtIdAsync();
        Assert.Equal(1u, await same.BumpAsync());
        Assert.Equal(["Forced"], await CausesAsync(same));
    }

    [Fact]
    public async Task A_clone_of_a_clone_is_another_bump()
    {
        var first = await CloneAsync();
        await first.WokenAsync(NodeInGuest.Prompt, 1);
        var name = IdOf(await first.StatusAsync());

        var second = await CloneOfRunningAsync();
        await second.WokenAsync(NodeInGuest.Prompt, 2);

        Assert.Equal(["VirtualMachineRestored", "VirtualMachineRestored"], await CausesAsync(second));
        Assert.NotEqual(name, IdOf(await second.StatusAsync()));
    }

    private static string IdOf(JsonElement answer) => answer.GetProperty("id").GetString()!;

    private static bool IsKernelLog(JsonElement source) => source.GetProperty("name").GetString() == "kernel-log";

    private static async Task<IEnumerable<string?>> CausesAsync(NodeInGuest node) =>
        (await node.HistoryAsync()).Select(change => change.GetProperty("cause").GetString());
}
