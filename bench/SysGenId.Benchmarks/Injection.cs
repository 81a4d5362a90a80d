using System.Text;
using BenchmarkDotNet.Attributes;
using SysGenId.Operator.Control.Admission;
using SysGenId.Operator.Control.Admission.Review;

namespace SysGenId.Benchmarks;

/// <summary>What the webhook does for a pod: from the bytes of a review to those of its answer.</summary>
public class Injection
{
    private readonly byte[] _review = Encoding.UTF8.GetBytes("""
        {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"705ab4f5-6393-11e8-b7cc-42010a800002",
        "kind":{"group":"","version":"v1","kind":"Pod"},"resource":{"group":"","version":"v1","resource":"pods"},"namespace":"shop","operation":"CREATE","dryRun":false,
        "object":{"apiVersion":"v1","kind":"Pod","metadata":{"generateName":"web-6d4b75cb6d-","labels":{"app":"web","sysgenid.io/inject":"true"},
        "annotations":{"sysgenid.io/device":"true","sysgenid.io/sidecar-cpu-limit":"10m"}},
        "spec":{"volumes":[{"name":"data","emptyDir":{}}],"containers":[{"name":"app","image":"example.org/web:1","resources":{"limits":{"cpu":"1","memory":"256Mi"}},
        "volumeMounts":[{"name":"data","mountPath":"/data"}]},{"name":"logs","image":"example.org/logs:1"}],
        "affinity":{"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[{"matchExpressions":[{"key":"zone","operator":"In","values":["a"]}]}]}}}}}}}
        """);

    private readonly PodReviewer _reviewer =
        new(new PodInjector(new InjectionSettings { Namespace = "sysgenid-system", SidecarImage = "sysgenid-sidecar:1" }), new NoNamespaces());

    [Benchmark]
    public int Review() => _reviewer.Review(_review).Body.Length;

    private sealed class NoNamespaces : INamespaceLabels
    {
        public IReadOnlyDictionary<string, string>? Find(string name) => null;
    }
}
