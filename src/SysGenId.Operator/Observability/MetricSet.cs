using Prometheus;

namespace SysGenId.Operator.Observability;

/// <summary>Makes metrics in one registry, all in one way. Thread-safe.</summary>
internal sealed class MetricSet
{
    private readonly MetricFactory _factory;

    /// <param name="registry">Where they are scraped from.</param>
    public MetricSet(CollectorRegistry registry)
    {
        // An exemplar would take the current activity along at every count, and allocate on the loop's thread.
        _factory = Metrics.WithCustomRegistry(registry);
        _factory.ExemplarBehavior = ExemplarBehavior.NoExemplars();
        Registry = registry;
    }

    public CollectorRegistry Registry { get; }

    public Counter Counter(string name, string help, params string[] labels) => _factory.CreateCounter(name, help, labels);

    /// <summary>A gauge that is absent until it is set: a value nobody has measured is no zero.</summary>
    public Gauge Gauge(string name, string help, params string[] labels) =>
        _factory.CreateGauge(name, help, labels, new GaugeConfiguration { SuppressInitialValue = true });

    public Histogram Histogram(string name, string help, double[] buckets) =>
        _factory.CreateHistogram(name, help, new HistogramConfiguration { Buckets = buckets });
}
