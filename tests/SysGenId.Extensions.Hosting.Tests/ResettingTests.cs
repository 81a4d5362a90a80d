using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using SysGenId.Extensions.Hosting.Resetting;

namespace SysGenId.Extensions.Hosting.Tests;

/// <summary>
/// What .NET keeps and lets be renewed. That it helps clones is proven with real ones, in the checkpoint tests.
/// Alone, since all that is the whole process's and the hosts of other tests renew it too.
/// </summary>
[Collection(nameof(ProcessWideState))]
public sealed class ResettingTests
{
    [Fact]
    public void The_library_that_dotnet_draws_from_is_found_and_reseeded()
    {
        _ = RandomNumberGenerator.GetBytes(1);
        Assert.NotEmpty(LoadedLibraries.Libcrypto());
        Assert.Equal(ReseedOutcome.Reseeded, OpenSslRandom.Reseed());
    }

    [Fact]
    public void Every_thread_reseeds_when_it_draws_next()
    {
        _ = RandomNumberGenerator.GetBytes(1);
        var primary = OpenSslGenerator.Primary();
        using var drawn = new ManualResetEventSlim();
        using var reseeded = new ManualResetEventSlim();
        var (before, beforeDraw, after) = (0u, 0u, 0u);
        var thread = new Thread(() =>
        {
            _ = RandomNumberGenerator.GetBytes(1);
            before = OpenSslGenerator.OfThisThread().Reseeds;
            drawn.Set();
            reseeded.Wait();
            beforeDraw = OpenSslGenerator.OfThisThread().Reseeds;
            _ = RandomNumberGenerator.GetBytes(1);
            after = OpenSslGenerator.OfThisThread().Reseeds;
        });
        thread.Start();
        drawn.Wait(TestContext.Current.CancellationToken);
        var counter = primary.Reseeds;

        OpenSslRandom.Reseed();

        Assert.Equal(counter + 1, primary.Reseeds);
        reseeded.Set();
        thread.Join();
        Assert.Equal((before, before + 1), (beforeDraw, after));
    }

    [Fact]
    public void An_OpenSSL_without_the_functions_of_version_3_is_polled()
    {
        _ = RandomNumberGenerator.GetBytes(1);
        var real = NativeLibrary.Load(LoadedLibraries.Libcrypto()[0]);
        var asked = new List<string>();
        var library = new OpenSslLibrary(name =>
        {
            asked.Add(name);
            return name == "RAND_poll" ? NativeLibrary.GetExport(real, name) : 0;
        });
        Assert.True(library.Reseed());
        Assert.Contains("RAND_poll", asked);
    }

    [Fact]
    public void A_library_that_can_do_neither_has_not_been_reseeded() => Assert.False(new OpenSslLibrary(_ => 0).Reseed());

    [Theory]
    [InlineData("7f1 r-xp 0 08:01 1 /usr/lib/x86_64-linux-gnu/libcrypto.so.3", "libcrypto.so.3")]
    [InlineData("7f1 r-xp 0 08:01 1 /usr/lib64/libcrypto.so.3.0.7", "libcrypto.so.3")]
    [InlineData("7f1 r-xp 0 08:01 1 /lib/libcrypto.so.3 (deleted)", "libcrypto.so.3")]
    [InlineData("7f1 r-xp 0 08:01 1 /lib/libcrypto.so.1.1", "libcrypto.so.1.1")]
    [InlineData("7f1 r-xp 0 08:01 1 /usr/lib64/libcrypto.so.1.1.1k", "libcrypto.so.1.1")]
    [InlineData("7f1 r-xp 0 08:01 1 /lib/libcrypto.so.12", "libcrypto.so.12")]
    [InlineData("7f1 r-xp 0 08:01 1 /lib/libcryptography.so.3")]
    [InlineData("7f1 rw-p 0 00:00 0")]
    [InlineData("7f1 rw-p 0 00:00 0 [heap]")]
    public void The_names_that_libcrypto_is_loaded_under_are_read_from_the_maps(string line, params string[] names) =>
        Assert.Equal(names, LoadedLibraries.Libcrypto([line, line]));

    [Fact]
    public async Task Trace_ids_are_renewed_unless_the_application_makes_them_itself()
    {
        Activity.TraceIdGenerator = null;
        await HandleAsync(new RuntimeResetOptions { RenewTraceIds = false });
        Assert.Null(Activity.TraceIdGenerator);

        await HandleAsync(new RuntimeResetOptions());
        var ours = Activity.TraceIdGenerator;
        Assert.NotNull(ours);
        Assert.NotEqual(ours(), ours());
        using var activity = new Activity("x").SetIdFormat(ActivityIdFormat.W3C).Start();
        Assert.NotEqual(default, activity.TraceId);
        await HandleAsync(new RuntimeResetOptions());
        Assert.Same(ours, Activity.TraceIdGenerator);

        Func<ActivityTraceId> theirs = ActivityTraceId.CreateRandom;
        Activity.TraceIdGenerator = theirs;
        await HandleAsync(new RuntimeResetOptions());
        Assert.Same(theirs, Activity.TraceIdGenerator);
        Activity.TraceIdGenerator = null;
    }

    private static ValueTask HandleAsync(RuntimeResetOptions options) =>
        new RuntimeResetHandler(Options.Create(options), NullLogger<RuntimeResetHandler>.Instance)
            .HandleAsync(new GenerationChange(default, 0, IsStart: false), TestContext.Current.CancellationToken);
}
