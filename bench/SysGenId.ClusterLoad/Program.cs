using System.Globalization;
using System.Runtime.Versioning;
using SysGenId.Operator.Cluster;

[assembly: SupportedOSPlatform("linux")]

namespace SysGenId.ClusterLoad;

/// <summary>Agents of many nodes in one process. What they are to do comes on standard input, a line each.</summary>
internal static class Program
{
    /// <summary>Each agent has a connection of its own; here so many share one, as one process has no thousand handshakes at once.</summary>
    private const int NodesOfOneConnection = 20;

    /// <param name="arguments">KUBECONFIG DEFINITION NODES DIRECTORY; the first has a context <c>agent</c>.</param>
    private static async Task Main(string[] arguments)
    {
        var kubeconfig = arguments[0];
        using var admin = ClusterConnection.Open(new ClusterOptions { Kubeconfig = kubeconfig });
        var cluster = new SimulatedCluster(admin, Number(arguments[2]));
        await cluster.MakeAsync(await File.ReadAllTextAsync(arguments[1]));
        Say("made");
        var connections = Enumerable.Range(0, (cluster.Names.Count + NodesOfOneConnection - 1) / NodesOfOneConnection)
            .Select(_ => ClusterConnection.Open(new ClusterOptions { Kubeconfig = kubeconfig, Context = "agent" }))
            .ToList();
        using (var fleet = new Fleet(arguments[3], cluster.Names, connections)) await ObeyAsync(cluster, fleet);
        foreach (var connection in connections) connection.Dispose();
    }

    private static async Task ObeyAsync(SimulatedCluster cluster, Fleet fleet)
    {
        var start = TimeProvider.System.GetTimestamp();
        fleet.Start();
        await cluster.ShowsAsync(fleet.GenerationsAsync);
        Say($"reporting {TimeProvider.System.GetElapsedTime(start).TotalSeconds:0.0}");
        while (Console.ReadLine()?.Split(' ') is { } words)
        {
            if (words is ["storm", var rate, var seconds])
                Say($"bumped {await fleet.StormAsync(Number(rate), TimeSpan.FromSeconds(Number(seconds)))}");
            else if (words is ["settle"])
                Say($"settled {await TimeAsync(() => cluster.ShowsAsync(fleet.GenerationsAsync)):0.0}");
            else
                Say("unknown");
        }

        await fleet.StopAsync();
    }

    private static async Task<double> TimeAsync(Func<Task> what)
    {
        var start = TimeProvider.System.GetTimestamp();
        await what();
        return TimeProvider.System.GetElapsedTime(start).TotalSeconds;
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static void Say(string line) => Console.WriteLine(line);
}
