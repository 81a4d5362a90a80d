using SysGenId.Conformance.Tests.Library;
using SysGenId.Conformance.Tests.Models;
using SysGenId.Conformance.Tests.Pure;
using SysGenId.Conformance.Tests.Sockets;

namespace SysGenId.Conformance.Tests.Interfaces;

/// <summary>Every interface of the contract.</summary>
internal static class AllInterfaces
{
    /// <summary>Those there are, in the order of the table's columns.</summary>
    public static IReadOnlyList<IGenerationInterface> List { get; } = [new CoreInterface(), new SocketInterface(), new ClientInterface()];

    /// <summary>Those that scenarios run over: a model, too, of the one that is still to come.</summary>
    public static IReadOnlyList<IGenerationInterface> AndModels { get; } = [.. List, new ModelInterface()];

    public static IGenerationInterface Named(string name) => AndModels.Single(one => one.Name == name);
}
