namespace SysGenId.Operator.Node.Gate;

internal static class GateProbe
{
    public static IEnumerable<string> Inputs(NodeOptions options) => [options.CriuConfiguration];

    public static Task<GateStatus> RunAsync(NodeOptions options, IGateWitness witness, CancellationToken stop) =>
        Task.FromResult(new GateStatus(false, $"no line of ours in {options.CriuConfiguration}"));
}
