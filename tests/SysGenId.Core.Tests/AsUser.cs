using SysGenId.Core.Linux;
using SysGenId.TestSupport;

namespace SysGenId.Core.Tests;

/// <summary>Runs a piece of a test as a user without rights.</summary>
internal static class AsUser
{
    public const uint Nobody = 65534;

    private const nint SetResUidX64 = 117;
    private const nint SetResUidArm64 = 147;

    /// <summary>
    /// The raw call changes the credentials of one thread only (the C library's changes all of them), and the thread ends
    /// after the action.
    /// </summary>
    public static async Task NobodyAsync(string directory, Action action)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            action();
            return;
        }

        (await ChildProcess.RunAsync("chown", $"{Nobody}", directory)).OrThrow();
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                var number = System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? SetResUidArm64 : SetResUidX64;
                var result = Libc.syscall(number, (nint)Nobody, (nint)Nobody, (nint)Nobody, 0, 0, 0);
                Assert.Equal((0, Nobody), (result, Libc.geteuid()));
                action();
            }
            catch (Exception thrown)
            {
                failure = thrown;
            }
        });
        thread.Start();
        thread.Join();
        if (failure is not null) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
    }
}
