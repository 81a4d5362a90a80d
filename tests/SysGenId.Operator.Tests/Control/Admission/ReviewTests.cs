using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using SysGenId.Operator.Control.Admission;
using SysGenId.Operator.Control.Admission.Review;

namespace SysGenId.Operator.Tests.Control.Admission;

public sealed class ReviewTests
{
    private readonly PodReviewer _reviewer = new(new PodInjector(Samples.Settings), new FixedNamespaces());

    [Fact]
    public void An_injected_pod_is_answered_with_its_uid_and_a_patch()
    {
        var answer = Answer(Samples.Review(Samples.Pod()));
        Assert.Equal(("admission.k8s.io/v1", "AdmissionReview"), (answer["apiVersion"]!.GetValue<string>(), answer["kind"]!.GetValue<string>()));
        var response = answer["response"]!;
        Assert.Equal("705ab4f5-6393-11e8-b7cc-42010a800002", response["uid"]!.GetValue<string>());
        Assert.True(response["allowed"]!.GetValue<bool>());
        Assert.Equal("JSONPatch", response["patchType"]!.GetValue<string>());
        Assert.Equal(Samples.Decide(Samples.Pod()).Patch!.ToJson(), Convert.FromBase64String(response["patch"]!.GetValue<string>()));
        Assert.Equal("""{"decision":"injected","reason":"Injected"}""", response["auditAnnotations"]!.ToJsonString());
    }

    [Fact]
    public void A_denied_pod_is_answered_with_all_that_is_wrong()
    {
        var response = Answer(Samples.Review(Samples.Pod("sysgenid.io/device", "1")))["response"]!;
        Assert.False(response["allowed"]!.GetValue<bool>());
        Assert.Equal("""{"code":400,"reason":"BadRequest","message":"SysGenId cannot be injected into this pod: annotation sysgenid.io/device must be \u0022true\u0022 or \u0022false\u0022, not \u00221\u0022."}""", response["status"]!.ToJsonString());
        Assert.Null(response["patch"]);
        Assert.Null(response["patchType"]);
    }

    [Fact]
    public void A_skipped_pod_is_allowed_without_a_patch()
    {
        var response = Answer(Samples.Review(Samples.Inject(Samples.Pod())))["response"]!;
        Assert.Equal("""{"uid":"705ab4f5-6393-11e8-b7cc-42010a800002","allowed":true,"status":{"code":200,"message":"The pod has everything that would be injected."},"auditAnnotations":{"decision":"skipped","reason":"AlreadyInjected"}}""", response.ToJsonString());
    }

    [Fact]
    public void Whoever_asked_for_a_pod_that_cannot_be_is_warned()
    {
        var pod = Samples.Pod();
        pod["spec"]!["os"] = new JsonObject { ["name"] = "windows" };
        Assert.Equal(
            """["The SysGenId sidecar is not injected: The pod runs on Windows, and the sidecar on Linux."]""",
            Answer(Samples.Review(pod))["response"]!["warnings"]!.ToJsonString());
    }

    [Fact]
    public void The_namespace_is_that_of_the_request()
    {
        var review = Samples.Review(Samples.Pod());
        review["request"]!["namespace"] = "kube-system";
        Assert.Equal(InjectionReason.ExcludedNamespace, Decide(review));
        review["request"]!["object"]!["metadata"]!["labels"] = null;
        review["request"]!["namespace"] = FixedNamespaces.OptedIn;
        Assert.Equal(InjectionReason.Injected, Decide(review));
        review["request"]!["namespace"] = FixedNamespaces.Plain;
        Assert.Equal(InjectionReason.NotAskedFor, Decide(review));
        review["request"]!["namespace"] = "one that came a moment ago";
        Assert.Equal(InjectionReason.Injected, Decide(review));
    }

    [Theory]
    [InlineData("UPDATE", "", "Pod", InjectionReason.NotACreation)]
    [InlineData("DELETE", "", "Pod", InjectionReason.NotACreation)]
    [InlineData("UPDATE", "ephemeralcontainers", "Pod", InjectionReason.Subresource)]
    [InlineData("CREATE", "binding", "Pod", InjectionReason.Subresource)]
    [InlineData("CREATE", "", "Deployment", InjectionReason.NotAPod)]
    internal void What_does_not_create_a_pod_is_left_alone(string operation, string subresource, string kind, InjectionReason reason)
    {
        var review = Samples.Review(operation == "DELETE" ? null : Samples.Pod(), operation);
        review["request"]!["subResource"] = subresource;
        review["request"]!["kind"]!["kind"] = kind;
        Assert.Equal(reason, Decide(review));
    }

    [Fact]
    public void A_dry_run_is_decided_like_any_other()
    {
        var (review, dry) = (Samples.Review(Samples.Pod()), Samples.Review(Samples.Pod()));
        dry["request"]!["dryRun"] = true;
        Assert.Equal(Review(review).Body, Review(dry).Body);
    }

    [Theory]
    [InlineData("", "The body is not an AdmissionReview: ")]
    [InlineData("null", "The body must be an AdmissionReview of admission.k8s.io/v1.")]
    [InlineData("[]", "The body is not an AdmissionReview: ")]
    [InlineData("{\"apiVersion\":\"admission.k8s.io/v1\"}", "The body is not an AdmissionReview: ")]
    [InlineData("{\"apiVersion\":\"admission.k8s.io/v1beta1\",\"kind\":\"AdmissionReview\"}", "The body must be an AdmissionReview of admission.k8s.io/v1.")]
    [InlineData("{\"apiVersion\":\"admission.k8s.io/v1\",\"kind\":\"AdmissionReview\"}", "The AdmissionReview has no request with a uid.")]
    [InlineData("{\"apiVersion\":\"admission.k8s.io/v1\",\"kind\":\"AdmissionReview\",\"request\":{\"uid\":\"\"}}", "The AdmissionReview has no request with a uid.")]
    [InlineData("{\"apiVersion\":\"admission.k8s.io/v1\",\"kind\":\"AdmissionReview\",\"request\":{\"uid\":null}}", "The body is not an AdmissionReview: ")]
    public void What_is_no_review_is_told_in_a_sentence(string body, string sentence)
    {
        var answer = _reviewer.Review(Encoding.UTF8.GetBytes(body));
        Assert.Null(answer.Decision);
        Assert.StartsWith(sentence, Encoding.UTF8.GetString(answer.Body), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("null", "The AdmissionReview has no object.")]
    [InlineData("5", "The object is not a pod: ")]
    [InlineData("{}", "The object is not a pod: ")]
    [InlineData("{\"spec\":{\"containers\":[]}}", "The object is not a pod: ")]
    [InlineData("{\"metadata\":{},\"spec\":{}}", "The object is not a pod: ")]
    [InlineData("{\"metadata\":{},\"spec\":{\"containers\":null}}", "The object is not a pod: ")]
    [InlineData("{\"metadata\":{},\"spec\":{\"containers\":[{}]}}", "The object is not a pod: ")]
    [InlineData("{\"metadata\":{},\"spec\":{\"containers\":[{\"name\":5}]}}", "The object is not a pod: ")]
    [InlineData("{\"metadata\":{},\"spec\":{\"containers\":[{\"name\":\"\\ud800\"}]}}", "The object is not a pod: ")]
    [InlineData("{\"metadata\":{},\"spec\":{\"containers\":[null]}}", "The pod has a list with a null in it.")]
    [InlineData("{\"metadata\":{},\"spec\":{\"containers\":[{\"name\":\"a\",\"volumeMounts\":[null]}]}}", "The pod has a list with a null in it.")]
    [InlineData("{\"metadata\":{},\"spec\":{\"containers\":[],\"volumes\":[null]}}", "The pod has a list with a null in it.")]
    public void What_is_no_pod_is_told_in_a_sentence(string pod, string sentence)
    {
        // As text: the library's nodes do not write all that its reader is given.
        var review = Samples.Review("the pod").ToJsonString().Replace("\"the pod\"", pod, StringComparison.Ordinal);
        var answer = _reviewer.Review(Encoding.UTF8.GetBytes(review));
        Assert.Null(answer.Decision);
        Assert.StartsWith(sentence, Encoding.UTF8.GetString(answer.Body), StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_without_sense_never_throw()
    {
        var whole = Encoding.UTF8.GetBytes(Samples.Review(Samples.Inject(Samples.Pod("sysgenid.io/device", "true"))).ToJsonString());
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte, Gen.Int[0, whole.Length], Gen.Bool).Sample((at, value, cut, isCut) =>
        {
            var bytes = whole.ToArray();
            bytes[at] = value;
            Assert.NotEmpty(_reviewer.Review(isCut ? bytes.AsSpan(0, cut) : bytes).Body);
        }, iter: 20_000);
        Gen.Byte.Array[0, 200].Sample(bytes => Assert.Null(_reviewer.Review(bytes).Decision), iter: 2_000);
    }

    [Fact]
    public void Each_node_of_a_review_may_be_of_any_type()
    {
        var count = Nodes(Samples.Review(Samples.Inject(Samples.Pod("sysgenid.io/device", "true")))).Count();
        foreach (var value in new[] { "null", "5", "\"x\"", "[]", "{}", "[null]", "[{}]", "[5]", "true" })
        {
            for (var index = 1; index < count; index++)
            {
                var review = Samples.Review(Samples.Inject(Samples.Pod("sysgenid.io/device", "true")));
                var node = Nodes(review).ElementAt(index);
                node.ReplaceWith(JsonNode.Parse(value));
                Assert.NotEmpty(Review(review).Body);
            }
        }
    }

    private static IEnumerable<JsonNode> Nodes(JsonNode node)
    {
        yield return node;
        var children = node switch
        {
            JsonObject members => members.Select(member => member.Value),
            JsonArray elements => elements,
            _ => [],
        };
        foreach (var inner in children.Where(child => child is not null).SelectMany(child => Nodes(child!))) yield return inner;
    }

    private ReviewAnswer Review(JsonNode review) => _reviewer.Review(Encoding.UTF8.GetBytes(review.ToJsonString()));

    private InjectionReason? Decide(JsonNode review) => Review(review).Decision?.Reason;

    private JsonNode Answer(JsonNode review) => JsonNode.Parse(Review(review).Body)!;
}
