using k8s.Models;

namespace SysGenId.Operator.Control.Admission.Injection;

/// <summary>What a sidecar is given. Quantities such as <c>5m</c> or <c>32Mi</c>; null leaves the request or limit away.</summary>
internal sealed record SidecarResources
{
    private const string Cpu = "cpu";
    private const string Memory = "memory";

    // Below, the kernel or the runtime may refuse to start any container; most often it is 32m where 32Mi was meant.
    private const decimal LeastMemoryLimit = 8 * 1024 * 1024;
    private const decimal LeastCpuLimit = 0.001m;

    /// <summary>Default <c>5m</c>: it sleeps unless something happens.</summary>
    public string? CpuRequest { get; init; } = "5m";

    /// <summary>Default none: it must not be slowed down in the moment it is for.</summary>
    public string? CpuLimit { get; init; }

    /// <summary>Default <c>16Mi</c>.</summary>
    public string? MemoryRequest { get; init; } = "16Mi";

    /// <summary>Default <c>32Mi</c>: several times what it needs with a thousand watchers. At least <c>8Mi</c>.</summary>
    public string? MemoryLimit { get; init; } = "32Mi";

    /// <summary>All that is wrong.</summary>
    /// <param name="names">How the four are called where they were set: CPU request and limit, memory request and limit.</param>
    public IEnumerable<string> Faults(ResourceNames names) =>
    [
        .. Check(CpuRequest, names.CpuRequest, 0, "0", CpuLimit, names.CpuLimit, LeastCpuLimit, "1m"),
        .. Check(MemoryRequest, names.MemoryRequest, 0, "0", MemoryLimit, names.MemoryLimit, LeastMemoryLimit, "8Mi"),
    ];

    public V1ResourceRequirements ToModel() => new()
    {
        Requests = Quantities(CpuRequest, MemoryRequest),
        Limits = Quantities(CpuLimit, MemoryLimit),
    };

    private static IEnumerable<string> Check(
        string? request, string requestName, decimal leastRequest, string leastRequestText,
        string? limit, string limitName, decimal leastLimit, string leastLimitText)
    {
        var (requested, limited) = (request is null ? null : Quantity.Parse(request), limit is null ? null : Quantity.Parse(limit));
        if (request is not null && (requested is null || requested < leastRequest))
            yield return $"{requestName} must be a quantity of at least {leastRequestText}, not {Quoted.Of(request)}";
        if (limit is not null && (limited is null || limited < leastLimit))
            yield return $"{limitName} must be a quantity of at least {leastLimitText}, not {Quoted.Of(limit)}";
        else if (requested > limited)
            yield return $"{requestName} ({request}) must not be more than {limitName} ({limit})";
    }

    private static Dictionary<string, ResourceQuantity>? Quantities(string? cpu, string? memory)
    {
        var quantities = new Dictionary<string, ResourceQuantity>();
        if (cpu is not null) quantities[Cpu] = new ResourceQuantity(cpu);
        if (memory is not null) quantities[Memory] = new ResourceQuantity(memory);
        return quantities.Count > 0 ? quantities : null;
    }
}
