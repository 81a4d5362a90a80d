using System.Text;
using SysGenId.Sidecar.Tests.Fixture;

namespace SysGenId.Sidecar.Tests.Agent;

public sealed class LyingAgentTests
{
    private static readonly string[] _lines =
    [
        """{"op":"generation","generation":5,"id":"6e0b3e35-79a5-4c5b-8f0c-a4b1ad1e6f10","cause":"Forced","timeNs":-1,"gateProven":true}""",
        """{"op":"generation","generation":0,"minimum":0,"id":"00000000-0000-0000-0000-000000000000"}""",
        """{"op":"generation","generation":3,"id":"ffffffff-ffff-ffff-ffff-ffffffffffff","cause":"None"}""",
        """{"op":"expect-watchers","container":"a b\"=\n","count":2147483647}""",
        """{"op":"expect-watchers","container":"","count":0}""",
        """{"op":"quiesce","checkpoint":"k","container":"c"}""",
        """{"op":"resume","checkpoint":"k"}""",
        """{"op":"gate","gateProven":true}""",
        """{"op":"register","protocol":1}""",
        """{"ok":true}""",
    ];

    [Fact]
    public async Task Whatever_an_agent_says_the_generation_never_falls_and_the_next_agent_finds_a_sidecar()
    {
        using var sidecar = SidecarUnderTest.At(1);
        var random = new Random(5);
        var highest = 0u;
        var link = sidecar.Link;
        for (var round = 0; round < 100; round++)
        {
            for (var count = 0; count < 20; count++) link.TrySend(Spoiled(random));
            link.Dispose();
            link = sidecar.Agent.AcceptRegistered();
            var generation = sidecar.Page().Generation;
            Assert.True(generation >= highest, $"{generation} after {highest}");
            highest = generation;
        }

        using (link)
        {
            Assert.True(link.Deliver(0).Generation > highest);
            await sidecar.ServesAsync();
        }
    }

    private static byte[] Spoiled(Random random)
    {
        var line = Encoding.UTF8.GetBytes(_lines[random.Next(_lines.Length)] + "\n");
        if (random.Next(4) == 0) line[random.Next(line.Length)] = (byte)random.Next(256);
        return random.Next(20) == 0 ? line[..random.Next(line.Length)] : line;
    }
}
