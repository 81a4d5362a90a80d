using System.Net;
using System.Text.Json.Nodes;
using k8s.Autorest;
using SysGenId.Operator.Cluster;

namespace SysGenId.Operator.Tests.Cluster;

public sealed class ApiFaultTests
{
    private const string Conflict =
        """{"kind":"Status","status":"Failure","message":"the object has been modified","reason":"Conflict","code":409}""";

    [Fact]
    public async Task A_refusal_is_told_in_the_server_s_own_words()
    {
        var fault = await FaultOfAsync(ScriptedApi.Json(Conflict, HttpStatusCode.Conflict));

        Assert.Equal((HttpStatusCode.Conflict, "Conflict", "the object has been modified"), (fault.Status, fault.Reason, fault.Message));
        Assert.True(fault.IsConflict);
        Assert.False(fault.IsTransient);
    }

    [Theory]
    [InlineData(400, false)]
    [InlineData(401, true)]
    [InlineData(403, false)]
    [InlineData(404, false)]
    [InlineData(409, false)]
    [InlineData(410, false)]
    [InlineData(422, false)]
    [InlineData(429, true)]
    [InlineData(500, true)]
    [InlineData(503, true)]
    [InlineData(504, true)]
    public async Task What_may_succeed_later_is_transient(int status, bool isTransient) =>
        Assert.Equal(isTransient, (await FaultOfAsync(ScriptedApi.Json("{}", (HttpStatusCode)status))).IsTransient);

    [Fact]
    public async Task The_wish_to_be_left_alone_is_read_from_the_header()
    {
        var response = ScriptedApi.Json("{}", HttpStatusCode.TooManyRequests);
        response.Headers.Add("Retry-After", "7");

        Assert.Equal(TimeSpan.FromSeconds(7), (await FaultOfAsync(response)).RetryAfter);
    }

    [Theory]
    [InlineData("<html>502 Bad Gateway</html>")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"busy\"")]
    [InlineData("""{"code":"many"}""")]
    public async Task Whatever_a_proxy_says_instead_is_a_fault_all_the_same(string body)
    {
        var fault = await FaultOfAsync(ScriptedApi.Json(body, HttpStatusCode.BadGateway));

        Assert.Equal("The API server answered 502.", fault.Message);
        Assert.True(fault.IsTransient);
    }

    [Fact]
    public async Task A_server_that_cannot_be_reached_is_transient()
    {
        var fault = await FaultOfAsync(() => throw new HttpRequestException("Connection refused"));

        Assert.Equal((null, ApiFault.Unreachable, "The API server cannot be reached: Connection refused"), (fault.Status, fault.Reason, fault.Message));
        Assert.True(fault.IsTransient);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_transient()
    {
        using var api = ScriptedApi.Answering(async (_, cancellation) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
            return ScriptedApi.Json("{}");
        });
        using var cluster = api.Connect(TimeSpan.FromSeconds(1));

        var thrown = await Record.ExceptionAsync(() => cluster.SendAsync<JsonObject>(HttpMethod.Get, "version", null, CancellationToken.None));

        Assert.Equal("The API server did not answer in time.", ApiFault.Of(thrown!, CancellationToken.None)!.Message);
    }

    [Fact]
    public void What_the_caller_itself_ended_is_no_fault()
    {
        using var ended = new CancellationTokenSource();
        ended.Cancel();

        Assert.Null(ApiFault.Of(new OperationCanceledException(ended.Token), ended.Token));
    }

    [Fact]
    public void A_bug_is_no_fault() => Assert.Null(ApiFault.Of(new NotSupportedException(), CancellationToken.None));

    [Fact]
    public void An_exception_without_an_answer_is_no_fault() => Assert.Null(ApiFault.Of(new HttpOperationException("?"), CancellationToken.None));

    private static Task<ApiFault> FaultOfAsync(HttpResponseMessage response) => FaultOfAsync(() => response);

    private static async Task<ApiFault> FaultOfAsync(Func<HttpResponseMessage> answer)
    {
        using var api = ScriptedApi.Answering(_ => answer());
        using var cluster = api.Connect();
        var thrown = await Record.ExceptionAsync(() => cluster.SendAsync<JsonObject>(HttpMethod.Get, "version", null, CancellationToken.None));
        return ApiFault.Of(thrown!, CancellationToken.None)!;
    }
}
