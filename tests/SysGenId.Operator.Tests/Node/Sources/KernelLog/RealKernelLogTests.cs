using System.Text;
using SysGenId.Core;
using SysGenId.Core.Linux;
using SysGenId.Operator.Node.Sources.KernelLog;
using SysGenId.Operator.Tests.Agents;
using SysGenId.TestSupport;

namespace SysGenId.Operator.Tests.Node.Sources.KernelLog;

/// <summary>The log of the machine that the tests run on.</summary>
public sealed class RealKernelLogTests
{
    // What a program can put before a line, and might hope that the kernel makes of it. The kernel takes ten lines at once
    // of each who opens its log, and drops more.
    private static readonly string[] _prefixes = ["", "<0>", "<5>", "<13>", "<2048>", "<2053>", "<-8>", "<18446744073709551616>"];

    [Fact]
    public async Task A_line_forged_from_user_space_does_not_bump()
    {
        RequireLog();
        using var log = new KernelLogDevice(SystemPaths.KernelLog).TryOpen(out _)!;
        Assert.Equal(Errno.None, log.SeekToEnd());
        await using var agent = await AgentUnderTest.StartAsync(options => options with { Sources = AgentUnderTest.NoSources with { KernelLog = SystemPaths.KernelLog } });
        var records = Write(log, [.. _prefixes.Select(prefix => prefix + ScriptedKernelLog.Fork)]);
        var forks = records.Where(record => record.Text.EndsWith(ScriptedKernelLog.Fork, StringComparison.Ordinal)).ToList();
        Assert.Equal(_prefixes.Length, forks.Count(fork => fork.Facility > 0));

        // Any bump has the mark stored with it.
        await Eventually.HoldsAsync(async () =>
        {
            await agent.ForceAsync();
            return KernelLogAgentTests.MarkOf(agent) >= records[^1].Sequence;
        });
        Assert.Equal(
            forks.Count(fork => fork is { Facility: 0, Text: ScriptedKernelLog.Fork }),
            (await agent.HistoryAsync()).Count(change => change.GetProperty("cause").GetString() == "VirtualMachineRestored"));
    }

    [Fact]
    public async Task The_device_gives_records_in_the_order_of_their_numbers_and_then_says_that_it_is_at_its_end()
    {
        RequireLog();
        using var log = new KernelLogDevice(SystemPaths.KernelLog).TryOpen(out _)!;
        var records = Write(log, []);
        Assert.Equal(records.Select(record => record.Sequence).Order(), records.Select(record => record.Sequence));
        Assert.Contains(records, record => record.Facility == 0);
        // Its end, unless somebody on this machine writes just then.
        var buffer = new byte[KernelLogRecord.MaximumLength];
        await Eventually.HoldsAsync(() => log.SeekToEnd() == Errno.None && log.Read(buffer).Outcome == KernelLogOutcome.End);
    }

    [Fact]
    public void A_record_that_does_not_fit_is_lost_and_the_next_is_read()
    {
        RequireLog();
        using var log = new KernelLogDevice(SystemPaths.KernelLog).TryOpen(out _)!;
        Assert.Equal(KernelLogOutcome.Lost, log.Read(new byte[8]).Outcome);
        var buffer = new byte[KernelLogRecord.MaximumLength];
        Assert.Equal(KernelLogOutcome.Record, log.Read(buffer).Outcome);
    }

    private static void RequireLog()
    {
        Requires.Root();
        using var log = new KernelLogDevice(SystemPaths.KernelLog).TryOpen(out var error);
        Requires.That(log is not null, $"needs {SystemPaths.KernelLog} ({error})");
    }

    // Writes lines and one more, and reads up to that one, which is the last returned.
    private static List<(uint Facility, ulong Sequence, string Text)> Write(IKernelLogReader log, string[] lines)
    {
        var marker = $"a test of sysgenid, {Guid.NewGuid()}";
        using (var device = Files.Open(SystemPaths.KernelLog, Files.WriteOnly))
        {
            // A line without its end is kept back until the next: somebody could still go on with it.
            foreach (var line in lines.Append(marker)) Files.Write(device, Encoding.ASCII.GetBytes(line + "\n"));
        }

        var read = new List<(uint, ulong, string)>();
        var buffer = new byte[KernelLogRecord.MaximumLength];
        while (read.Count == 0 || read[^1].Item3 != marker)
        {
            Assert.True(Readiness.Wait(log.Descriptor, Readiness.Readable, Eventually.Patience), "the marker did not come");
            var outcome = log.Read(buffer);
            if (outcome.Outcome != KernelLogOutcome.Record) continue;
            Assert.True(KernelLogRecord.TryParse(buffer.AsSpan(0, outcome.Length), out var record));
            read.Add((record.Facility, record.Sequence, Encoding.UTF8.GetString(record.Text)));
        }

        return read;
    }
}
