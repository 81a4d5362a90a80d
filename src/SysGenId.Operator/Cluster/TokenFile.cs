using System.Net.Http.Headers;
using k8s.Authentication;

namespace SysGenId.Operator.Cluster;

/// <summary>
/// A bearer token that somebody else keeps fresh in a file, as kubelet does. It is read for every request: a request is rare
/// and a read is cheap, while a token kept for a minute, as the library's own provider does, is a minute of refusals when it
/// was replaced early. While the file cannot be read the last token stands. Thread-safe.
/// </summary>
internal sealed class TokenFile(string path) : ITokenProvider
{
    private volatile string? _last;

    /// <inheritdoc/>
    /// <exception cref="IOException">The file was never readable.</exception>
    public async Task<AuthenticationHeaderValue> GetAuthenticationHeaderAsync(CancellationToken cancellationToken)
    {
        try
        {
            var text = (await File.ReadAllTextAsync(path, cancellationToken).ConfigureAwait(false)).Trim();
            if (text.Length > 0) _last = text;
        }
        catch (Exception e) when (_last is not null && e is IOException or UnauthorizedAccessException)
        {
            // It is being replaced.
        }

        return new AuthenticationHeaderValue("Bearer", _last ?? throw new IOException($"The token file {path} is empty."));
    }
}
