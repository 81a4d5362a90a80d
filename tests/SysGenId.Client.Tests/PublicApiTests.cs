using System.Reflection;
using PublicApiGenerator;
using SysGenId.TestSupport;

namespace SysGenId.Client.Tests;

/// <summary>What programs compile against. A change of it is made on purpose: SYSGENID_UPDATE_GOLDEN=1 writes it anew.</summary>
public sealed class PublicApiTests
{
    /// <summary>The assemblies of all packages; one more is one line more.</summary>
    public static TheoryData<string> Packages => ["SysGenId.Core", "SysGenId.Client", "SysGenId.Extensions.Hosting"];

    [Theory, MemberData(nameof(Packages))]
    public void The_public_api_is_the_approved_one(string package)
    {
        var api = Assembly.Load(package).GeneratePublicApi(new ApiGeneratorOptions
        {
            IncludeAssemblyAttributes = false,
            ExcludeAttributes = ["System.Runtime.CompilerServices.AsyncIteratorStateMachineAttribute"],
        });
        GoldenFile.Matches($"tests/SysGenId.Client.Tests/Golden/{package}.txt", api.ReplaceLineEndings("\n").TrimEnd() + "\n");
    }
}
