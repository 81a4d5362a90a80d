namespace SysGenId.Conformance.Tests.Interfaces;

/// <summary>
/// The driver of one interface of the contract. Scenarios are written against it once and run over every interface that
/// can express what they ask for. A device file joins by one more implementation: open, read, write, poll, ioctl and mmap
/// map to the methods one by one, and errno to <see cref="Outcome"/>.
/// </summary>
internal interface IGenerationInterface
{
    /// <summary>A word: the cases of all scenarios and a column of the table are named by it.</summary>
    string Name { get; }

    /// <summary>What is driven, for the head of the table.</summary>
    string Description { get; }

    /// <summary>What it cannot express, and why: a sentence each.</summary>
    IReadOnlyDictionary<Capability, string> Inexpressible { get; }

    /// <summary>A world of its own, in which the generation stands at a number.</summary>
    Task<IGenerationWorld> CreateAsync(uint generation);
}
