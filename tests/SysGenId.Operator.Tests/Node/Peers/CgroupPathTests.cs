using CsCheck;
using SysGenId.Operator.Node.Peers;

namespace SysGenId.Operator.Tests.Node.Peers;

public sealed class CgroupPathTests
{
    private const string Uid = "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9";
    private const string Underscored = "0a1b2c3d_4e5f_6071_8293_a4b5c6d7e8f9";
    private const string Hash = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";
    private const string Other = "ffffffff-0000-4000-8000-000000000001";
    private const string Id = "7f3c9e2a1b";

    private static readonly string[] _hybridPod =
        ["12:cpuset:/", $"4:memory:/kubepods/besteffort/pod{Uid}/{Id}", "1:name=systemd:/system.slice/containerd.service", "0::/", "3:pids:/x"];

    private static readonly string[] _hybridContainer = ["4:memory:/docker/abc", "1:name=systemd:/", "0::/", "9:cpu:/y"];

    [Theory]
    [InlineData($"0::/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod{Underscored}.slice/cri-containerd-{Id}.scope", Uid, Id)]
    [InlineData($"0::/kubepods.slice/kubepods-pod{Underscored}.slice/cri-containerd-{Id}.scope", Uid, Id)]
    [InlineData($"0::/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod{Underscored}.slice/crio-{Id}.scope", Uid, Id)]
    [InlineData($"0::/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod{Underscored}.slice/crio-{Id}.scope/container", Uid, Id)]
    [InlineData($"0::/kubepods.slice/kubepods-pod{Underscored}.slice/crio-conmon-{Id}.scope", Uid, $"crio-conmon-{Id}.scope")]
    [InlineData($"0::/kubepods.slice/kubepods-pod{Underscored}.slice/docker-{Id}.scope", Uid, Id)]
    [InlineData($"0::/kubepods/besteffort/pod{Uid}/{Id}", Uid, Id)]
    [InlineData($"0::/kubepods/burstable/pod{Uid}/{Id}/below", Uid, Id)]
    [InlineData($"0::/kubepods/pod{Uid}/{Id}", Uid, Id)]
    [InlineData($"0::/kubepods/pod{Uid}", Uid, "")]
    [InlineData($"0::/kubepods.slice/kubepods-pod{Hash}.slice/cri-containerd-{Id}.scope", Hash, Id)]
    [InlineData($"0::/kubepods/burstable/pod{Hash}/{Id}", Hash, Id)]
    [InlineData($"0::/../../kubepods-besteffort-pod{Underscored}.slice/cri-containerd-{Id}.scope", Uid, Id)]
    [InlineData($"0::/../pod{Uid}/{Id}", Uid, Id)]
    [InlineData($"0::/../../../pod{Underscored}.slice/crio-{Id}.scope", Uid, Id)]
    [InlineData($"0::/docker/{Id}/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-pod{Underscored}.slice/cri-containerd-{Id}.scope", Uid, Id)]
    [InlineData($"4:memory:/kubepods/besteffort/pod{Uid}/{Id}", Uid, Id)]
    [InlineData($"1:name=systemd:/kubepods.slice/kubepods-pod{Underscored}.slice/cri-containerd-{Id}.scope", Uid, Id)]
    [InlineData($"5:cpuset,memory:/kubepods/besteffort/pod{Uid}/{Id}", Uid, Id)]
    public void A_pod_is_told_by_the_forms_of_every_runtime_and_cgroup_driver(string line, string pod, string container) =>
        Assert.Equal(new ContainerLocation(pod, container), CgroupPath.Parse(line + "\n"));

    [Theory]
    [InlineData($"0::/system.slice/docker-{Id}.scope", Id)]
    [InlineData($"0::/docker/{Id}", Id)]
    [InlineData($"0::/machine.slice/libpod-{Id}.scope", Id)]
    [InlineData($"0::/machine.slice/libpod-{Id}.scope/container", Id)]
    [InlineData($"0::/machine.slice/libpod-conmon-{Id}.scope", $"libpod-conmon-{Id}.scope")]
    [InlineData($"0::/system.slice/crio-{Id}.scope", Id)]
    [InlineData($"0::/system.slice/docker-outer.scope/docker-{Id}.scope", Id)]
    [InlineData("0::/user.slice/user-0.slice/session-1.scope", "session-1.scope")]
    [InlineData("0::/mycontainer", "mycontainer")]
    [InlineData("0::/", "")]
    public void Outside_pods_the_container_is_told(string line, string container) =>
        Assert.Equal(new ContainerLocation(null, container), CgroupPath.Parse(line));

    [Theory]
    [InlineData($"0::/kubepods/pod{Uid}/{Id}/kubepods-pod{Underscored}.slice/x")]
    [InlineData($"0::/kubepods/pod{Uid}/{Id}/kubepods-podffffffff_0000_4000_8000_000000000001.slice/x")]
    [InlineData($"0::/kubepods.slice/kubepods-pod{Underscored}.slice/{Id}/pod{Other}/x")]
    [InlineData($"0::/kubepods/pod{Uid}/{Id}/kubepods/pod{Other}/x")]
    public void What_a_container_makes_below_its_own_cgroup_does_not_make_it_another_pod(string line) =>
        Assert.Equal(new ContainerLocation(Uid, Id), CgroupPath.Parse(line));

    [Theory]
    [InlineData("0::/kubepods/pod0a1b2c3d/x")]
    [InlineData("0::/kubepods/podnot-a-uid/x")]
    [InlineData($"0::/kubepods/xpod{Uid}/x")]
    [InlineData($"0::/kubepods/pod{Uid}x/x")]
    [InlineData($"0::/kubepods/pod{Uid}.slice.d/x")]
    [InlineData("0::/kubepods/pod0A1B2C3D-4E5F-6071-8293-A4B5C6D7E8F9/x")]
    public void What_only_looks_like_a_pod_is_none(string line) => Assert.Null(CgroupPath.Parse(line)!.PodUid);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("\n\n")]
    [InlineData("garbage")]
    [InlineData("0:")]
    [InlineData("2:cpu:/kubepods/pod0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9/x")]
    public void A_text_without_the_lines_that_count_names_nothing(string? text) => Assert.Null(CgroupPath.Parse(text));

    [Fact]
    public void On_a_hybrid_machine_the_line_that_names_the_pod_counts_in_whatever_order() =>
        Gen.Shuffle(_hybridPod).Sample(
            lines => Assert.Equal(new ContainerLocation(Uid, Id), CgroupPath.Parse(string.Join('\n', lines))));

    [Fact]
    public void On_a_hybrid_machine_without_pods_a_line_that_names_something_counts_before_the_root() =>
        Gen.Shuffle(_hybridContainer).Sample(
            lines => Assert.Equal(new ContainerLocation(null, "abc"), CgroupPath.Parse(string.Join('\n', lines))));

    [Fact]
    public void Any_text_at_all_is_read_without_an_exception() =>
        Gen.OneOf(
            Gen.String,
            Gen.OneOf("0::", "1:memory:", "/", "pod", Uid, Underscored, Hash, ".slice", "cri-containerd-", "crio-", "conmon-", ".scope", "..", ":", "\n", "-", "\0")
                .Array[0, 30].Select(string.Concat)).Sample(
            text => _ = CgroupPath.Parse(text),
            iter: 20_000);
}
