using System.Reflection;
using System.Text.RegularExpressions;
using SysGenId.Core.Generations;
using SysGenId.TestSupport;

namespace SysGenId.Core.Tests.Architecture;

/// <summary>What docs/architecture.md says, checked on the built assembly and on the source.</summary>
public sealed partial class ArchitectureTests
{
    private static readonly Assembly _core = typeof(GenerationCause).Assembly;
    private static readonly string _source = Path.Join(ToolPaths.Repository, "src");
    private static readonly string[] _executables = ["SysGenId.Operator", "SysGenId.Sidecar", "SysGenId.CriuHook", "SysGenId.Cli"];

    private static readonly string[] _filesWithoutTypes = ["Program.cs", "Properties.cs"];

    private static readonly string[] _files =
        [.. Directory.GetFiles(_source, "*.cs", SearchOption.AllDirectories).Where(file => !file.Contains("/obj/", StringComparison.Ordinal)).Order()];

    [Fact]
    public void Core_references_nothing_but_the_framework() =>
        Assert.All(_core.GetReferencedAssemblies(), reference => Assert.StartsWith("System.", reference.Name, StringComparison.Ordinal));

    [Theory]
    [InlineData("Generations")]
    [InlineData("Watchers", "SysGenId.Core.Generations")]
    [InlineData("Protocol", "SysGenId.Core.Generations", "System.Buffers", "System.Text.Encodings.Web", "System.Text.Json")]
    public void A_pure_folder_uses_only_what_it_may(string folder, params string[] allowed)
    {
        var texts = FilesIn("SysGenId.Core", folder).Select(File.ReadAllText).ToList();
        var used = texts.SelectMany(text => Usings().Matches(text)).Select(match => match.Groups[1].Value).Distinct();
        Assert.Empty(used.Except(allowed));
        Assert.All(texts, text => Assert.DoesNotMatch(Impure(), text));
    }

    [Fact]
    public void Every_native_function_is_declared_in_Core_Linux()
    {
        var native = _core.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Where(method => method.Attributes.HasFlag(MethodAttributes.PinvokeImpl))
            .ToList();
        Assert.NotEmpty(native);
        Assert.All(native, method => Assert.Equal("SysGenId.Core.Linux", method.DeclaringType!.Namespace));
        Assert.All(
            _files.Where(file => NativeImport().IsMatch(File.ReadAllText(file))),
            file => Assert.StartsWith(Path.Join(_source, "SysGenId.Core", "Linux"), file, StringComparison.Ordinal));
    }

    [Fact]
    public void No_executable_references_another()
    {
        foreach (var executable in _executables)
        {
            var project = File.ReadAllText(Path.Join(_source, executable, $"{executable}.csproj"));
            var references = ProjectReferences().Matches(project).Select(match => match.Groups[1].Value);
            Assert.Empty(references.Intersect(_executables));
        }
    }

    [Fact]
    public void Core_has_no_package_and_no_project_reference() =>
        Assert.DoesNotContain("Reference Include", File.ReadAllText(Path.Join(_source, "SysGenId.Core", "SysGenId.Core.csproj")), StringComparison.Ordinal);

    [Fact]
    public void The_client_library_stands_on_Core_alone()
    {
        var project = File.ReadAllText(Path.Join(_source, "SysGenId.Client", "SysGenId.Client.csproj"));
        Assert.DoesNotContain("PackageReference", project, StringComparison.Ordinal);
        Assert.DoesNotContain("FrameworkReference", project, StringComparison.Ordinal);
        Assert.Equal(["SysGenId.Core"], ProjectReferences().Matches(project).Select(match => match.Groups[1].Value));
    }

    /// <summary>Programs of users have threads and clocks of their own; the loop is for ours.</summary>
    [Fact]
    public void The_client_library_has_no_event_loop_of_ours() =>
        Assert.All(FilesIn("SysGenId.Client", ""), file => Assert.DoesNotContain("using SysGenId.Core.Transport", File.ReadAllText(file), StringComparison.Ordinal));

    [Fact]
    public void What_a_package_shows_is_in_its_own_namespace_and_what_is_below_that_is_internal() =>
        Assert.All(FilesIn("SysGenId.Client", "").Where(IsBelow), file => Assert.DoesNotMatch(PublicTypes(), File.ReadAllText(file)));

    [Fact]
    public void No_executable_uses_the_client_library() =>
        Assert.All(_executables, name => Assert.DoesNotContain("SysGenId.Client", File.ReadAllText(Path.Join(_source, name, $"{name}.csproj")), StringComparison.Ordinal));

    [Fact]
    public void Only_transport_and_what_is_above_it_knows_of_sockets_and_loops()
    {
        foreach (var folder in new[] { "Generations", "Watchers", "Protocol", "CounterPage", "Linux" })
            Assert.All(FilesIn("SysGenId.Core", folder), file => Assert.DoesNotContain("using SysGenId.Core.Transport", File.ReadAllText(file), StringComparison.Ordinal));
        Assert.All(FilesIn("SysGenId.Core", "Linux"), file => Assert.DoesNotContain("using SysGenId", File.ReadAllText(file), StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_holds_the_one_type_it_is_named_after_in_the_namespace_of_its_folder() => Assert.All(_files, path =>
    {
        var (text, file) = (File.ReadAllText(path), Path.GetRelativePath(_source, path));
        var declared = TopLevelTypes().Matches(text).Select(match => match.Groups[1].Value).ToList();
        if (declared.Count == 0)
        {
            Assert.Contains(Path.GetFileName(file), _filesWithoutTypes);
            return;
        }

        // X.Log.cs stands beside X.cs.
        Assert.Equal([Path.GetFileName(file).Split('.')[0]], declared.Distinct());
        Assert.Contains($"\nnamespace {Path.GetDirectoryName(file)!.Replace('/', '.')};\n", "\n" + text, StringComparison.Ordinal);
    });

    [Fact]
    public void Nothing_is_named_Utils_Helpers_Common_or_Manager() =>
        Assert.All(_files, file => Assert.DoesNotMatch(EmptyNames(), Path.GetRelativePath(_source, file)));

    [Fact]
    public void Every_class_is_sealed_static_or_abstract() =>
        Assert.All(
            _core.GetTypes().Where(type => type.IsClass && !type.Name.Contains('<', StringComparison.Ordinal)),
            type => Assert.True(type.IsSealed || type.IsAbstract, $"{type} can be derived from"));

    [Fact]
    public void A_class_says_that_it_is_sealed_static_or_abstract() =>
        Assert.All(_files, file => Assert.Empty(OpenClasses().Matches(File.ReadAllText(file)).Select(match => match.Value)));

    [Fact]
    public void Core_shows_nothing_to_programs_that_are_not_ours() => Assert.Empty(_core.GetExportedTypes());

    private static string[] FilesIn(string project, string folder) => [.. _files.Where(file => file.StartsWith(Path.Join(_source, project, folder).TrimEnd('/') + "/", StringComparison.Ordinal))];

    private static bool IsBelow(string file) => Path.GetRelativePath(Path.Join(_source, "SysGenId.Client"), file).Contains('/', StringComparison.Ordinal);

    [GeneratedRegex(@"^using (?:static )?([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Usings();

    // Implicit usings bring these in without a line; Path, File and the like are I/O, Task and Thread are schedulers.
    [GeneratedRegex(@"\b(File|Directory|Path|Stream|Socket|Task|Thread|Timer|TimeProvider|DateTime|Stopwatch|Console|Environment|Linux|Descriptor)\s*[.<(]")]
    private static partial Regex Impure();

    [GeneratedRegex(@"\[(LibraryImport|DllImport)\b")]
    private static partial Regex NativeImport();

    [GeneratedRegex(@"ProjectReference Include=""[^""]*?([\w.]+)\.csproj""")]
    private static partial Regex ProjectReferences();

    [GeneratedRegex(@"^(?:(?:public|internal|sealed|static|abstract|partial|unsafe|readonly|ref|file) )*(?:class|struct|interface|enum|record(?: class| struct)?) (\w+)", RegexOptions.Multiline)]
    private static partial Regex TopLevelTypes();

    [GeneratedRegex(@"^public ", RegexOptions.Multiline)]
    private static partial Regex PublicTypes();

    [GeneratedRegex(@"(Utils?|Helpers?|Common|Managers?)(?=[./])")]
    private static partial Regex EmptyNames();

    [GeneratedRegex(@"^ *(?!.*\b(?:sealed|static|abstract)\b)(?:(?:public|internal|private|protected|partial|unsafe) )+(?:class|record(?! struct)(?: class)?) \w+", RegexOptions.Multiline)]
    private static partial Regex OpenClasses();
}
