using System.Globalization;

namespace SysGenId.VirtualMachine.Tests;

/// <summary>A line of the guest's kernel log that reads like the kernel's own about a fork; see Programs/kernel-log.c.</summary>
/// <param name="Facility">0: the kernel's own; a program cannot write such a line.</param>
/// <param name="Sequence">Its number in the log.</param>
/// <param name="AtNs">When, by the guest's CLOCK_MONOTONIC.</param>
internal sealed record KernelFork(int Facility, long Sequence, long AtNs)
{
    /// <summary>Understands what kernel-log printed.</summary>
    public static IReadOnlyList<KernelFork> ParseAll(string output) =>
        [.. output.Split('\n').Select(line => line.Split(' ')).Where(words => words[0] == "fork").Select(words => new KernelFork(
            int.Parse(words[1], CultureInfo.InvariantCulture),
            long.Parse(words[2], CultureInfo.InvariantCulture),
            long.Parse(words[3], CultureInfo.InvariantCulture)))];
}
