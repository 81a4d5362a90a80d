using SysGenId.Adversity.Tests.Harness;
using SysGenId.Core.CounterPage;
using SysGenId.Core.Generations;

namespace SysGenId.Adversity.Tests.State;

/// <summary>What an agent leaves behind, made by hand, so that a test can spoil it in any way.</summary>
internal static class StoredState
{
    /// <summary>The ceiling of <see cref="Text"/>.</summary>
    public const uint Ceiling = 65536;

    private static string BootId => File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();

    /// <summary>A state file of this boot.</summary>
    public static string Text(uint generation, Guid id, bool isClean = false, uint ceiling = Ceiling) => $$"""
        {
          "version": 1, "ceiling": {{ceiling}}, "bootId": "{{BootId}}", "isClean": {{(isClean ? "true" : "false")}},
          "current": { "generation": {{generation}}, "id": "{{id}}", "cause": "Forced", "timeNs": 1, "outcome": "Published" },
          "history": []
        }
        """;

    /// <summary>Puts a state file where the agent looks for it.</summary>
    public static void Write(NodeOnTrial node, string text)
    {
        Directory.CreateDirectory(node.StateDirectory);
        File.WriteAllText(node.StateFile, text);
    }

    /// <summary>Puts a counter page where the agent looks for it.</summary>
    public static void WritePage(NodeOnTrial node, uint generation, Guid id)
    {
        Directory.CreateDirectory(node.RunDirectory);
        using var page = CounterPageWriter.Open(node.PagePath);
        page.Publish(new PageContent(generation, id, 1, GenerationCause.Forced));
    }

    /// <summary>Makes the page look as if its writer died in the middle of a change: odd sequence at offset 4.</summary>
    public static void TearPage(NodeOnTrial node)
    {
        using var page = new FileStream(node.PagePath, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        page.Position = PageLayout.Sequence;
        var sequence = page.ReadByte();
        page.Position = PageLayout.Sequence;
        page.WriteByte((byte)(sequence | 1));
    }
}
