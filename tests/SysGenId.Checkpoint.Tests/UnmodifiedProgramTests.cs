namespace SysGenId.Checkpoint.Tests;

/// <summary>Programs that know the kernel device, or only a number on a page.</summary>
public sealed class UnmodifiedProgramTests(StandingNodes standing) : CheckpointTest(standing)
{
    [Theory, MemberData(nameof(Setup.All), MemberType = typeof(Setup))]
    public async Task S15_a_mapping_made_once_as_aws_lc_makes_it_shows_the_new_generation_after_a_restore(string setup)
    {
        var pod = await PodAsync(Setup.Named(setup));
        var volume = pod.CreateVolume();
        var container = await pod.RunAsync(volume, "exec aws-lc-client /work/aws-lc");
        Assert.Equal($"{pod.Generation}", (await volume.Log("aws-lc").NextAsync("value"))[1]);
        var checkpoint = await container.CheckpointAsync();

        for (var restore = 0; restore < 2; restore++)
        {
            volume = pod.CreateVolume();
            await using var clone = await pod.RestoreAsync(checkpoint, volume);
            Assert.Equal($"{pod.Generation}", (await volume.Log("aws-lc").NextAsync("value"))[1]);
        }
    }

    [Theory]
    [InlineData("exec token-minter /work/log", true)]
    [InlineData("exec token-minter /work/log --sysgenid /dev/sysgenid", false)]
    public async Task S24_clones_mint_the_same_tokens_unless_they_look_at_the_generation(string command, bool areTheSame)
    {
        var pod = await PodAsync(Setup.Named("runc"));
        var volume = pod.CreateVolume();
        var container = await pod.RunAsync(volume, command);
        await volume.Log("log").NextAsync("token");
        var checkpoint = await container.CheckpointAsync();

        var tokens = new List<string>();
        for (var clone = 0; clone < 2; clone++)
        {
            volume = pod.CreateVolume();
            await using var restored = await pod.RestoreAsync(checkpoint, volume);

            // The first may have been minted before the checkpoint and only be reported now.
            tokens.Add((await volume.Log("log").NextAsync("token", skip: 1))[1]);
        }

        Assert.Equal(areTheSame, tokens[0] == tokens[1]);
    }
}
