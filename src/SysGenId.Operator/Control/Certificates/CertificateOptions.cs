namespace SysGenId.Operator.Control.Certificates;

/// <summary>Where the webhook's certificates come from and go to. Immutable; check <see cref="Faults"/> before use.</summary>
internal sealed record CertificateOptions
{
    /// <summary>The value of <see cref="Source"/> for certificates of our own.</summary>
    public const string Managed = "managed";

    /// <summary><see cref="Managed"/>, or a directory with <c>tls.crt</c> and <c>tls.key</c> that somebody else keeps.</summary>
    public string Source { get; init; } = Managed;

    /// <summary>The namespace of Secret and Service.</summary>
    public string Namespace { get; init; } = "sysgenid-system";

    /// <summary>The Secret of managed certificates.</summary>
    public string Secret { get; init; } = "sysgenid-webhook-tls";

    /// <summary>The Service through which API servers call the webhook.</summary>
    public string Service { get; init; } = "sysgenid-webhook";

    /// <summary>The MutatingWebhookConfiguration that gets the caBundle.</summary>
    public string WebhookConfiguration { get; init; } = "sysgenid-injector";

    /// <summary>How long managed certificates live.</summary>
    public CertificateLifetimes Lifetimes { get; init; } = new();

    public bool IsManaged => Source == Managed;

    /// <summary>The name that API servers expect in the certificate.</summary>
    public string Host => $"{Service}.{Namespace}.svc";

    /// <summary>Every name of the Service.</summary>
    public IReadOnlyList<string> Names => [Host, $"{Host}.cluster.local", $"{Service}.{Namespace}", Service];

    /// <summary>Everything that is wrong, each a sentence; empty when the options can be used.</summary>
    public IReadOnlyList<string> Faults()
    {
        var faults = new List<string>();
        if (!IsManaged && !Path.IsPathFullyQualified(Source)) faults.Add("--certificates must be 'managed' or the absolute path of a directory.");
        if (Secret.Length == 0) faults.Add("--certificate-secret must not be empty.");
        if (Service.Length == 0) faults.Add("--webhook-service must not be empty.");
        if (WebhookConfiguration.Length == 0) faults.Add("--webhook-configuration must not be empty.");
        faults.AddRange(Lifetimes.Faults());
        return faults;
    }
}
