using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.DependencyInjection;
using SysGenId.Client;

namespace SysGenId.Extensions.Hosting.Tests;

/// <summary>The code of the package's README, as it stands there.</summary>
internal static class ReadmeSnippets
{
    public static WebApplicationBuilder Wire(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddSystemGeneration();
        builder.Services.AddRuntimeReset();
        builder.Services.AddGenerationChangeHandler<SigningKey>();
        builder.Services.AddGenerationChangeHandler("cache", (services, change, cancellationToken) =>
        {
            services.GetRequiredService<MemoryCache>().Clear();
            return ValueTask.CompletedTask;
        });
        builder.Services.AddHealthChecks().AddSystemGeneration(tags: ["ready"]);
        return builder;
    }

    public static byte[] Sign(GenerationWatcher watcher, byte[] message)
    {
        using var key = watcher.CreateGuard(_ =>
        {
            OpenSslRandom.Reseed();
            return ECDsa.Create(ECCurve.NamedCurves.nistP256);
        });
        var signature = key.Run(current => current.SignData(message, HashAlgorithmName.SHA256));
        return signature;
    }

    public sealed class SigningKey : IGenerationChangeHandler
    {
        private volatile ECDsa _current = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        public ECDsa Current => _current;

        public ValueTask HandleAsync(GenerationChange change, CancellationToken cancellationToken)
        {
            // Whoever signs with the old one just now does so to the end; it is collected afterwards.
            _current = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            return ValueTask.CompletedTask;
        }
    }

    public sealed class RenewedConnections : HttpMessageHandler, IGenerationChangeHandler
    {
        private volatile HttpMessageInvoker _connections = Connect();

        public ValueTask HandleAsync(GenerationChange change, CancellationToken cancellationToken)
        {
            // Requests under way end on the old ones, which then close as idle.
            _connections = Connect();
            return ValueTask.CompletedTask;
        }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            _connections.SendAsync(request, cancellationToken);

        private static HttpMessageInvoker Connect() => new(new SocketsHttpHandler { PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30) });
    }

    public sealed class RenewedTls(X509Certificate2 certificate) : IGenerationChangeHandler
    {
        private volatile SslServerAuthenticationOptions _options = Create(certificate);

        // kestrel.ConfigureEndpointDefaults(listen => listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => new(tls.Options) }))
        public SslServerAuthenticationOptions Options => _options;

        public ValueTask HandleAsync(GenerationChange change, CancellationToken cancellationToken)
        {
            _options = Create(certificate);
            return ValueTask.CompletedTask;
        }

        private static SslServerAuthenticationOptions Create(X509Certificate2 certificate) =>
            new() { ServerCertificateContext = SslStreamCertificateContext.Create(certificate, additionalCertificates: null) };
    }
}
