using System.Text;
using SysGenId.Core.Linux;

namespace SysGenId.CriuHook;

/// <summary>Sentences for people. CRIU points both standard output and error at its log.</summary>
internal static class CriuLog
{
    private const int StandardOutput = 1;
    private const int StandardError = 2;

    /// <summary>One line, marked as ours.</summary>
    public static void Write(string sentence) => Write(StandardError, $"sysgenid: {sentence}\n");

    /// <summary>Lines asked for on the command line.</summary>
    public static void Print(string text) => Write(StandardOutput, text);

    private static unsafe void Write(int descriptor, string text)
    {
        // The console class would cost a third of the process's time. Nobody can be told that this failed.
        fixed (byte* bytes = Encoding.UTF8.GetBytes(text))
        {
            Libc.write(descriptor, bytes, (nuint)Encoding.UTF8.GetByteCount(text));
        }
    }
}
