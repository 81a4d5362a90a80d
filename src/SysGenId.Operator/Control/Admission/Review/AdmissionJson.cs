using System.Text.Json.Serialization;
using SysGenId.Operator.Control.Admission.Pods;

namespace SysGenId.Operator.Control.Admission.Review;

/// <summary>Reviews and pods as JSON. Fields not named here are passed over.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(AdmissionReview))]
[JsonSerializable(typeof(Pod))]
internal sealed partial class AdmissionJson : JsonSerializerContext;
