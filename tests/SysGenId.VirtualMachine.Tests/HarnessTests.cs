namespace SysGenId.VirtualMachine.Tests;

/// <summary>That the machines of these tests are what the tests take them for.</summary>
public sealed class HarnessTests(StandingSnapshot standing) : VirtualMachineTest(standing)
{
    [Fact]
    public async Task The_kernel_of_a_clone_tells_of_the_fork_once()
    {
        var clone = await CloneAsync();

        Assert.Equal(0, (await clone.ForkedAsync()).Facility);
    }

    [Fact]
    public async Task The_kernel_of_a_machine_with_the_same_id_looks_and_says_nothing()
    {
        var same = await ResumeAsync();

        await same.LookedAtIdAsync();
        Assert.Empty(await same.KernelForksAsync());
    }

    [Fact]
    public async Task A_snapshot_of_a_clone_can_be_cloned_again()
    {
        var first = await CloneAsync();
        await first.ForkedAsync();
        var second = await CloneOfRunningAsync();

        await second.ForkedAsync(times: 2);
    }

    [Fact]
    public async Task A_program_can_write_the_same_words_but_not_in_the_kernels_name()
    {
        var node = await ResumeAsync();

        await node.RunAsync(KernelForkLine.Forge);

        Assert.NotEqual(0, Assert.Single(await node.KernelForksAsync()).Facility);
    }
}
