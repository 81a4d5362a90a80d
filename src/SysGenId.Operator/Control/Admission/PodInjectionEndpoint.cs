using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using SysGenId.Operator.Control.Admission.Review;

namespace SysGenId.Operator.Control.Admission;

/// <summary>
/// The webhook over HTTP. A decision is always status 200. Anything else means that there is none, and the API server goes by
/// its <c>failurePolicy</c>: 400 for what is no review of a pod, 413 for what is too long, 500 should all of this be wrong.
/// </summary>
internal sealed class PodInjectionEndpoint(PodReviewer reviewer, IAdmissionMetrics metrics, TimeProvider clock, ILogger<PodInjectionEndpoint> log)
{
    /// <summary>Where the API server finds it.</summary>
    public const string Path = "/mutate-pods";

    // The API server takes requests of up to 3 MiB; a review is that once, in a notation that may be longer.
    private const int MaximumBody = 8 * 1024 * 1024;

    // Most pods fit, so most reviews are read in one go.
    private const int FirstBuffer = 32 * 1024;

    private const string Failed = "failed";
    private const string Unreadable = "Unreadable";
    private const string TooLong = "TooLong";
    private const string InternalError = "InternalError";
    private const string Json = "application/json";
    private const string Text = "text/plain; charset=utf-8";

    /// <summary>Answers one request.</summary>
    public async Task AnswerAsync(HttpContext context)
    {
        var arrival = clock.GetTimestamp();
        try
        {
            await AnswerAsync(context, arrival).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The API server waits no longer, and has gone by its failure policy.
        }
        catch (BadHttpRequestException fault) when (fault.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            Fail(context, fault.StatusCode, TooLong, fault.Message, arrival);
        }
        catch (IOException fault)
        {
            // A body that does not come as announced: nobody is left to be answered.
            Fail(context, StatusCodes.Status400BadRequest, Unreadable, fault.Message, arrival);
        }
        catch (Exception fault)
        {
            // Whatever it is: one pod must not take the webhook away from all others.
            log.ReviewFailed(fault);
            Fail(context, StatusCodes.Status500InternalServerError, InternalError, fault.Message, arrival);
        }
    }

    private async Task AnswerAsync(HttpContext context, long arrival)
    {
        // Our own bound is to be met first, and answered in words.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = MaximumBody + 1;
        if (context.Request.ContentLength > MaximumBody)
        {
            Fail(context, StatusCodes.Status413PayloadTooLarge, TooLong, $"more than {MaximumBody} bytes", arrival);
            return;
        }

        var (buffer, length) = await ReadAsync(context.Request.Body, context.RequestAborted).ConfigureAwait(false);
        try
        {
            if (length > MaximumBody) Fail(context, StatusCodes.Status413PayloadTooLarge, TooLong, $"more than {MaximumBody} bytes", arrival);
            else await AnswerAsync(context, reviewer.Review(buffer.AsSpan(0, length)), arrival).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task AnswerAsync(HttpContext context, ReviewAnswer answer, long arrival)
    {
        var isReview = answer.Decision is not null;
        context.Response.StatusCode = isReview ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest;
        context.Response.ContentType = isReview ? Json : Text;
        context.Response.ContentLength = answer.Body.Length;
        await context.Response.Body.WriteAsync(answer.Body, context.RequestAborted).ConfigureAwait(false);
        var elapsed = clock.GetElapsedTime(arrival);
        if (answer.Decision is { } decision) Note(answer, decision, elapsed);
        else NoteFailure(Unreadable, System.Text.Encoding.UTF8.GetString(answer.Body).TrimEnd(), elapsed);
    }

    private void Note(ReviewAnswer answer, InjectionDecision decision, TimeSpan elapsed)
    {
        metrics.Decided(decision.Code, $"{decision.Reason}", elapsed);
        var (space, pod, isDryRun) = (answer.Request?.Namespace, answer.PodName, answer.Request?.DryRun == true);
        if (decision.Outcome == InjectionOutcome.Injected) log.Injected(space, pod, decision.Reason, isDryRun);
        else if (decision.Outcome == InjectionOutcome.Denied) log.Denied(space, pod, decision.Reason, isDryRun, decision.Message);
        else log.Skipped(space, pod, decision.Reason, decision.Message);
    }

    private void Fail(HttpContext context, int status, string reason, string detail, long arrival)
    {
        if (!context.Response.HasStarted) context.Response.StatusCode = status;
        NoteFailure(reason, detail, clock.GetElapsedTime(arrival));
    }

    private void NoteFailure(string reason, string detail, TimeSpan elapsed)
    {
        metrics.Decided(Failed, reason, elapsed);
        log.NotAnswered(reason, detail);
    }

    // One byte more than allowed tells that there is more.
    private static async Task<(byte[] Buffer, int Length)> ReadAsync(Stream body, CancellationToken cancellation)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
        var length = 0;
        while (true)
        {
            var count = await body.ReadAsync(buffer.AsMemory(length), cancellation).ConfigureAwait(false);
            length += count;
            if (count == 0 || length > MaximumBody) return (buffer, length);
            if (length < buffer.Length) continue;
            var larger = ArrayPool<byte>.Shared.Rent(Math.Min(buffer.Length * 2, MaximumBody + 1));
            buffer.AsSpan(0, length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = larger;
        }
    }
}
