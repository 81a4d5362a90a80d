using System.Runtime.InteropServices;
using SysGenId.TestSupport;

namespace SysGenId.Client.Tests.Packaging;

/// <summary>A project somewhere else that uses the packages, as a user makes one.</summary>
internal sealed class Consumer : IDisposable
{
    private const string Program = """
        using SysGenId.Client;

        if (args is ["hosted"])
        {
            await Hosted.RunAsync();
            return;
        }

        using var watcher = GenerationWatcher.Open();
        using var guard = watcher.CreateGuard(generation => $"secret of {generation}");
        Console.WriteLine($"{watcher.Mode} {guard.Run(secret => secret)}");
        await foreach (var change in watcher.ReadChangesAsync())
        {
            Console.WriteLine($"{change.Cause} {guard.Run(secret => secret)}");
        }

        """;

    private const string Hosted = """
        using System.Security.Cryptography;
        using Microsoft.Extensions.DependencyInjection;
        using Microsoft.Extensions.Hosting;
        using SysGenId.Extensions.Hosting;

        static class Hosted
        {
            public static async Task RunAsync()
            {
                var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
                builder.Services.AddSystemGeneration().AddRuntimeReset().AddGenerationChangeHandler<Secret>();
                builder.Services.AddHealthChecks().AddSystemGeneration();
                using var host = builder.Build();
                await host.StartAsync();
                Console.WriteLine("started");
                await host.WaitForShutdownAsync();
            }

            private sealed class Secret : IGenerationChangeHandler
            {
                private byte[] _value = RandomNumberGenerator.GetBytes(16);

                public ValueTask HandleAsync(GenerationChange change, CancellationToken cancellationToken)
                {
                    _value = RandomNumberGenerator.GetBytes(_value.Length);
                    Console.WriteLine($"{change.Current.Cause} {OpenSslRandom.Reseed()} {change.Current.Generation}");
                    return ValueTask.CompletedTask;
                }
            }
        }

        """;

    /// <summary>How long packing and each build may take on a machine that does other things, too.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly TemporaryDirectory _directory = TemporaryDirectory.OnDisk();

    public Consumer()
    {
        var packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Join(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        File.WriteAllText(_directory.File("consumer.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFrameworks>net10.0;net8.0</TargetFrameworks>
                <PublishAot Condition="'$(TargetFramework)' == 'net10.0'">true</PublishAot>
                <InvariantGlobalization>true</InvariantGlobalization>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <TrimmerSingleWarn>false</TrimmerSingleWarn>
                <!-- It asks the network, and where that does not answer it warns. -->
                <NuGetAudit>false</NuGetAudit>
                <UseAppHost Condition="'$(TargetFramework)' == 'net8.0'">false</UseAppHost>
                <!-- What is built here must not stay among the packages of this machine; what is there already need not be fetched. -->
                <RestorePackagesPath>{_directory.File("packages")}</RestorePackagesPath>
                <RestoreFallbackFolders>{packages}</RestoreFallbackFolders>
                <RestoreAdditionalProjectSources>{Feed}</RestoreAdditionalProjectSources>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="SysGenId.Client" Version="0.1.0" />
                <PackageReference Include="SysGenId.Extensions.Hosting" Version="0.1.0" />
                <PackageReference Include="Microsoft.Extensions.Hosting" Version="10.0.0" />
              </ItemGroup>
            </Project>
            """);
        File.WriteAllText(_directory.File("Program.cs"), Program);
        File.WriteAllText(_directory.File("Hosted.cs"), Hosted);
        Directory.CreateDirectory(packages);
        foreach (var (index, snippet) in ReadmeSnippets().Index()) File.WriteAllText(_directory.File($"Snippet{index}.cs"), AsType(snippet, index));
    }

    /// <summary>Where packages are put for it.</summary>
    public string Feed => _directory.File("feed");

    /// <summary>The .NET 10 program, compiled ahead of time.</summary>
    public string Executable => _directory.File("out/consumer");

    public Task<CommandResult> PublishAsync() => RunAsync("publish", "--framework", "net10.0", "--runtime", Runtime, "--output", _directory.File("out"));

    public Task<CommandResult> BuildForNet8Async() => RunAsync("build", "--framework", "net8.0");

    public void Dispose() => _directory.Dispose();

    // What the package's readme shows must compile, too.
    private static IEnumerable<string> ReadmeSnippets() =>
        File.ReadAllText(Path.Join(ToolPaths.Repository, "src/SysGenId.Client/README.md"))
            .Split("```csharp\n").Skip(1).Select(text => text[..text.IndexOf("```", StringComparison.Ordinal)]);

    private static string AsType(string snippet, int index)
    {
        var lines = snippet.Split('\n');
        var usings = lines.Where(IsDirective);
        return $$"""
            {{string.Join('\n', usings)}}
            static class Snippet{{index}}
            {
                public static async Task RunAsync()
                {
                    await Task.Yield();
                    {{string.Join('\n', lines.Except(usings))}}
                }
            }
            """;
    }

    private static bool IsDirective(string line) => line.StartsWith("using ", StringComparison.Ordinal) && !line.Contains('=', StringComparison.Ordinal);

    private static string Runtime => RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "linux-arm64" : "linux-x64";

    private Task<CommandResult> RunAsync(string command, params string[] arguments) =>
        ChildProcess.RunAsync(Patience, "dotnet", [command, _directory.File("consumer.csproj"), .. arguments, "--nologo"]);
}
