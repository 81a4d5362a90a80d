using System.Text;
using CsCheck;
using SysGenId.Core.Protocol;

namespace SysGenId.CriuHook.Tests;

public sealed class MissedRestoreTests
{
    [Fact]
    public void The_file_reads_so() => Assert.Equal(
        """{"version":1,"outcome":"missed","timeNs":1,"criuPid":2,"initPid":3,"cgroups":"0::/a\n","reason":"no agent","record":{"version":1,"generation":4294967295,"id":"00000000-0000-0000-0000-000000000000","node":"","podUid":"","podNamespace":"","podName":"","container":"c","watchers":0,"timeNs":0}}""" + "\n",
        Encoding.UTF8.GetString(new MissedRestore
        {
            IsRefused = false,
            TimeNs = 1,
            CriuPid = 2,
            InitPid = 3,
            Cgroups = "0::/a\n",
            Reason = "no agent",
            Record = new CheckpointRecord { Generation = uint.MaxValue, Container = "c" },
        }.ToJson()));

    [Fact]
    public void What_is_written_is_read() =>
        Gen.Select(Gen.Bool, Gen.Long, Gen.Int[0, int.MaxValue], Gen.String, Gen.String, Gen.UInt.Nullable()).Sample((refused, time, pid, cgroups, reason, generation) =>
        {
            // Text that is no text (half a surrogate pair) does not survive JSON, and comes from nowhere here.
            var missed = new MissedRestore
            {
                IsRefused = refused,
                TimeNs = time,
                CriuPid = pid,
                InitPid = pid,
                Cgroups = WellFormed(cgroups),
                Reason = WellFormed(reason),
                Record = generation is { } number ? new CheckpointRecord { Generation = number } : null,
            };
            Assert.Equal(missed, MissedRestore.TryParse(missed.ToJson()));
        });

    [Fact]
    public void Any_bytes_are_read_or_refused() => Gen.Byte.Array.Sample(bytes => { _ = MissedRestore.TryParse(bytes); });

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"outcome":"published"}""")]
    [InlineData("""{"outcome":"missed","record":7}""")]
    [InlineData("""{"outcome":"missed","timeNs":""}""")]
    public void What_is_none_is_none(string json) => Assert.Null(MissedRestore.TryParse(Encoding.UTF8.GetBytes(json)));

    private static string WellFormed(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
