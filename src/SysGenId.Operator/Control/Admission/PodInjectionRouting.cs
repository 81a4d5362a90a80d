using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using SysGenId.Operator.Control.Admission.Review;

namespace SysGenId.Operator.Control.Admission;

/// <summary>Makes the webhook part of a web server. The host brings <see cref="INamespaceLabels"/>, <see cref="IAdmissionMetrics"/> and <see cref="TimeProvider"/>.</summary>
internal static class PodInjectionRouting
{
    public static IServiceCollection AddPodInjection(this IServiceCollection services, InjectionSettings settings) => services
        .AddSingleton(settings)
        .AddSingleton<PodInjector>()
        .AddSingleton<PodReviewer>()
        .AddSingleton<PodInjectionEndpoint>();

    /// <summary>Answers reviews at <see cref="PodInjectionEndpoint.Path"/>.</summary>
    public static IEndpointConventionBuilder MapPodInjection(this IEndpointRouteBuilder endpoints)
    {
        var endpoint = endpoints.ServiceProvider.GetRequiredService<PodInjectionEndpoint>();
        return endpoints.MapPost(PodInjectionEndpoint.Path, (RequestDelegate)endpoint.AnswerAsync);
    }
}
