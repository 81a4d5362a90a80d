using CsCheck;

namespace SysGenId.Core.Tests.Watchers;

public sealed class WatcherRegistryPropertyTests
{
    private static readonly Gen<RegistryOperation[]> _operations = Gen.Select(
        Gen.Enum<RegistryOperationKind>(), Gen.Int[0, 9], Gen.UInt[0, 6],
        (kind, index, delta) => new RegistryOperation(kind, index, delta)).Array[0, 60];

    [Fact]
    public void S02_S05_S09_S11_S12_S16_S23_Any_sequence_of_operations_answers_and_counts_as_the_model_does_after_every_step() =>
        Gen.Select(Numbers.Starts, _operations).Sample(
            (start, operations) =>
            {
                var (registry, model) = (new RegistryUnderTest(start), new RegistryModel(start));
                foreach (var relative in operations)
                {
                    var operation = relative with { Value = Numbers.Above(start, relative.Value) };
                    Assert.Equal(model.Apply(operation), registry.Apply(operation));
                    Assert.Equal(model.Describe(), registry.Describe());
                }
            },
            iter: 20_000);

    [Fact]
    public void S03_Far_jumps_of_unsigned_numbers_are_counted_as_the_model_does() =>
        Gen.Select(Numbers.Any, Numbers.Any.Array[1, 12]).Sample(
            (start, minimums) =>
            {
                var (registry, model) = (new RegistryUnderTest(start), new RegistryModel(start));
                foreach (var minimum in minimums)
                {
                    RegistryOperation[] round =
                    [
                        new(RegistryOperationKind.Open, 0, 0),
                        new(RegistryOperationKind.Acknowledge, 0, minimum),
                        new(RegistryOperationKind.Expect, 5, minimum),
                        new(RegistryOperationKind.Bump, 0, minimum),
                        new(RegistryOperationKind.Acknowledge, 1, minimum),
                    ];
                    foreach (var operation in round)
                    {
                        Assert.Equal(model.Apply(operation), registry.Apply(operation));
                        Assert.Equal(model.Describe(), registry.Describe());
                    }
                }
            },
            iter: 5_000);
}
