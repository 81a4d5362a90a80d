using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using SysGenId.Operator.Control.Admission;

namespace SysGenId.Cluster.Tests.Admission;

/// <summary>The webhook in this process, with a certificate for its service; beside it somebody else's.</summary>
internal sealed class TestWebhook : IAsyncDisposable
{
    public const string Namespace = "sysgenid-system";
    public const string Service = "sysgenid-webhook";

    private readonly WebApplication _application;
    private readonly X509Certificate2 _certificate;

    private TestWebhook(WebApplication application, X509Certificate2 certificate, LateNamespaces namespaces)
    {
        (_application, _certificate, Namespaces) = (application, certificate, namespaces);
        Port = new Uri(application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port;
    }

    public int Port { get; }

    public LateNamespaces Namespaces { get; }

    /// <summary>What the API server checks the certificate by: PEM in base64, as a webhook configuration has it.</summary>
    public string Authority => Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(_certificate.ExportCertificatePem()));

    /// <summary>Starts it; a fixture has to know the port before it starts its cluster.</summary>
    public static TestWebhook Start()
    {
        var (certificate, namespaces) = (Certificate(), new LateNamespaces());
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration()
            .ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
        builder.Services.AddRoutingCore();
        builder.Services.AddPodInjection(new InjectionSettings { Namespace = Namespace, SidecarImage = "ghcr.io/sysgenid/sysgenid-sidecar:0.1.0", PullPolicy = "IfNotPresent" });
        builder.Services.AddSingleton<INamespaceLabels>(namespaces);
        builder.Services.AddSingleton<IAdmissionMetrics, NoMetrics>();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddLogging();
        var application = builder.Build();
        application.UseRouting();
        application.MapPodInjection();
        application.MapPost(ForeignInjector.Path, (RequestDelegate)ForeignInjector.AnswerAsync);
        application.StartAsync().GetAwaiter().GetResult();
        return new TestWebhook(application, certificate, namespaces);
    }

    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        _certificate.Dispose();
    }

    private static X509Certificate2 Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={Service}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName($"{Service}.{Namespace}.svc");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddHours(-1), now.AddDays(1));
    }

    private sealed class NoMetrics : IAdmissionMetrics
    {
        public void Decided(string decision, string reason, TimeSpan elapsed)
        {
        }
    }
}
