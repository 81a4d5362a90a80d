namespace SysGenId.Core.Tests.Watchers;

/// <summary>Every order in which sequences of steps can come when each sequence keeps its own order.</summary>
internal static class Interleavings
{
    public static IEnumerable<IReadOnlyList<T>> Of<T>(params T[][] sequences) => From(sequences, new int[sequences.Length], []);

    /// <summary>How many there are: the multinomial coefficient of the lengths.</summary>
    public static long Count(params int[] lengths)
    {
        var (result, taken) = (1L, 0);
        foreach (var length in lengths)
        {
            for (var step = 1; step <= length; step++) result = result * ++taken / step;
        }

        return result;
    }

    private static IEnumerable<IReadOnlyList<T>> From<T>(T[][] sequences, int[] positions, List<T> sofar)
    {
        var isComplete = true;
        for (var index = 0; index < sequences.Length; index++)
        {
            if (positions[index] == sequences[index].Length) continue;
            isComplete = false;
            sofar.Add(sequences[index][positions[index]++]);
            foreach (var order in From(sequences, positions, sofar)) yield return order;
            positions[index]--;
            sofar.RemoveAt(sofar.Count - 1);
        }

        if (isComplete) yield return sofar;
    }
}
