namespace SysGenId.Cli.Tests;

/// <summary>What agents and sidecars answer, as docs/protocol.md has it.</summary>
internal static class Answers
{
    public const string NodeStatus =
        """
        {"ok":true,"role":"node","version":"0.1.0","generation":42,"id":"0b8c5a4e-52d7-4b1e-9c53-6f1f3b6d2a10","cause":"ContainerRestored","timeNs":1795442220000000000,"watchers":12,"outdated":4,"node":"worker-1","restoreScope":"Node","restoreFailurePolicy":"Fail","publishTimeoutMs":5000,"gate":{"proven":true,"message":"proven at start"},"sources":[{"name":"criu","active":true,"reason":"Active","message":"proven at start"},{"name":"kernel-log","active":true,"reason":"Active","message":"reading /dev/kmsg"},{"name":"vmclock","active":false,"reason":"NotPresent","message":"there is no /dev/vmclock0"}],"state":{"path":"/var/lib/sysgenid/state.json","writable":true},"sidecars":[{"name":"shop/web-7d4b9","generation":42,"watchers":8,"outdated":0,"quiesced":false,"confirmed":true,"upToDate":true},{"name":"shop/db-0","generation":1007,"watchers":4,"outdated":3,"quiesced":false,"confirmed":true,"upToDate":false},{"name":"shop/cache-1","generation":41,"watchers":0,"outdated":1,"quiesced":false,"confirmed":false,"upToDate":false},{"name":"shop/mail-2","generation":42,"watchers":0,"outdated":0,"quiesced":true,"confirmed":true,"upToDate":true}]}
        """;

    public const string TroubledNodeStatus =
        """
        {"ok":true,"role":"node","version":"0.1.0","generation":0,"id":"00000000-0000-0000-0000-000000000000","cause":"None","timeNs":0,"watchers":0,"outdated":0,"node":"worker-1","restoreScope":"Pod","restoreFailurePolicy":"Ignore","publishTimeoutMs":250,"gate":{"proven":false,"message":"criu is not installed"},"sources":[{"name":"criu","active":false,"reason":"GateNotProven","message":"criu is not installed"},{"name":"kernel-log","active":false,"reason":"AccessDenied","message":"/dev/kmsg may not be read (EPERM)"}],"state":{"path":"/var/lib/sysgenid/state.json","writable":false,"message":"no space left on device (ENOSPC)"},"sidecars":[]}
        """;

    public const string PodStatus =
        """
        {"ok":true,"role":"pod","generation":42,"id":"0b8c5a4e-52d7-4b1e-9c53-6f1f3b6d2a10","cause":"Forced","timeNs":1795442220000000000,"watchers":2,"outdated":0,"agentConnected":true,"quiesced":false,"gateProven":true}
        """;

    public const string LonelyPodStatus =
        """
        {"ok":true,"role":"pod","generation":42,"id":"0b8c5a4e-52d7-4b1e-9c53-6f1f3b6d2a10","cause":"Forced","timeNs":1795442220000000000,"watchers":2,"outdated":1,"agentConnected":false,"quiesced":true,"gateProven":false}
        """;

    public const string History =
        """
        {"ok":true,"changes":[{"generation":40,"id":"0b8c5a4e-52d7-4b1e-9c53-6f1f3b6d2a10","cause":"Forced","timeNs":1795440000000000000,"outcome":"published"},{"generation":41,"id":"1b8c5a4e-52d7-4b1e-9c53-6f1f3b6d2a11","cause":"ContainerRestored","timeNs":1795441000000000000,"outcome":"missed","pod":"shop/web-7d4b9","container":"4f2d1c0b9a8e7f6d5c4b3a291807f6e5d4c3b2a190807060504030201000fedc","message":"the agent was away"},{"generation":902,"id":"2b8c5a4e-52d7-4b1e-9c53-6f1f3b6d2a12","cause":"ContainerRestored","timeNs":1795442220000000000,"outcome":"published","container":"demo","minimum":902},{"generation":903,"id":"3b8c5a4e-52d7-4b1e-9c53-6f1f3b6d2a13","cause":"VirtualMachineRestored","timeNs":1795442230000000000,"outcome":"published","sources":["kernel-log","vmclock"],"message":"forked"},{"generation":904,"id":"4b8c5a4e-52d7-4b1e-9c53-6f1f3b6d2a14","cause":"VirtualMachineRestored","timeNs":1795442240000000000,"outcome":"published","sources":["kernel-log"],"suspected":true,"message":"lines were lost"}]}
        """;

    public const string Bumped = """{"ok":true,"generation":43,"id":"3b8c5a4e-52d7-4b1e-9c53-6f1f3b6d2a13"}""";

    public static string Error(string code, string sentence) => $$"""{"ok":false,"error":"{{code}}","message":"{{sentence}}"}""";
}
