"""Restore time of one runc checkpoint, in turn with and without the gate."""

import json
import os
import re
import shutil
import subprocess
import tempfile
import threading
import time
from pathlib import Path

from programs import AGENT, HOOK, Missing, need
from report import Row, describe, interval, median, verdict
from rig import Rig, wait_for

FINISHED = re.compile(r"^\(0*([0-9.]+)\) Restore finished successfully", re.M)
CONFIG = Path("/etc/criu/default.conf")
SOCKET_DIRECTORY = Path("/run/sysgenid")  # the default: the hook needs no wrapper for it


def run(*command, log=None, check=True):
    """All three standard streams are /dev/null: a detached container keeps what runc was given. The wait
    blocks, as one with a limit would look again only every 50 ms."""
    process = subprocess.Popen([str(c) for c in command], stdin=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    limit = threading.Timer(60, process.kill)
    limit.start()
    status = process.wait()
    limit.cancel()
    if check and status != 0:
        said = log.read_text().strip()[-600:] if log and log.exists() else f"status {status}"
        raise Missing(f"{' '.join(map(str, command[:4]))}: {said}")


class Container:
    """One busybox that sleeps, with the sidecar's directory mounted as an injected pod has it."""

    def __init__(self, directory, pod):
        self.directory = directory
        self.root = directory / "runc"
        self.bundle = directory / "bundle"
        self.image = directory / "image"
        self.name = "bench"
        rootfs = self.bundle / "rootfs"
        (rootfs / "bin").mkdir(parents=True)
        busybox = shutil.which("busybox")
        if not busybox:
            raise Missing("busybox-static is not installed")
        shutil.copy(busybox, rootfs / "bin" / "busybox")
        run("runc", "spec", "--bundle", self.bundle)
        path = self.bundle / "config.json"
        spec = json.loads(path.read_text())
        spec["process"].update(terminal=False, args=["/bin/busybox", "sleep", "100000"])
        spec["process"].pop("rlimits", None)
        # With a network of its own, CRIU's netfilter work takes anything from 30 to 90 ms.
        spec["linux"]["namespaces"] = [n for n in spec["linux"]["namespaces"] if n["type"] != "network"]
        spec["mounts"].append({"destination": "/run/sysgenid", "type": "bind", "source": str(pod),
                               "options": ["bind", "ro"]})
        path.write_text(json.dumps(spec))

    def runc(self, *arguments, enter=(), check=True):
        log = self.directory / "runc.log"
        run(*enter, "runc", "--root", self.root, "--log", log, *arguments, log=log, check=check)

    def checkpoint(self):
        self.runc("run", "-d", "--bundle", self.bundle, self.name)
        try:
            self.runc("checkpoint", "--image-path", self.image, "--work-path", self.directory, self.name)
        finally:
            self.delete()

    def restore(self, enter):
        """Milliseconds of `runc restore`, and of CRIU in it by its own log."""
        start = time.perf_counter()
        self.runc("restore", "-d", "--bundle", self.bundle, "--image-path", self.image,
                  "--work-path", self.directory, self.name, enter=enter)
        whole = (time.perf_counter() - start) * 1e3
        finished = FINISHED.search((self.directory / "restore.log").read_text())
        return whole, float(finished.group(1)) * 1e3

    def delete(self):
        self.runc("delete", "--force", self.name, check=False)


class WithoutGate:
    """A mount namespace to enter in which the CRIU configuration is empty. The real one stays as it is: the agent
    watches it, and would prove the gate again after every change."""

    def __enter__(self):
        self.process = subprocess.Popen(["unshare", "--mount", "--propagation", "private", "sh", "-ec",
                                         "mount -t tmpfs none /etc/criu; echo ready; exec sleep 100000"],
                                        stdout=subprocess.PIPE)
        self.process.stdout.readline()
        return enter(self.process.pid)

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()


def enter(pid):
    return "nsenter", "--mount", f"--target={pid}", "--"


def alternate(rig, rounds):
    with tempfile.TemporaryDirectory(prefix="sgid-restore-", dir="/dev/shm") as directory:
        container = Container(Path(directory), rig.pods[0])
        container.checkpoint()
        if not (container.image / "sysgenid.json").exists():
            raise Missing("the checkpoint carries no record: the gate was not reached")
        times = {True: [], False: []}
        gated = enter(os.getpid())  # the agent's own: it takes no hook from another
        with WithoutGate() as ungated:
            for i in range(rounds + 1):  # the first of each warms the caches up
                for with_gate in ((True, False) if i % 2 else (False, True)):
                    before = rig.status()["generation"]
                    elapsed = container.restore(gated if with_gate else ungated)
                    container.delete()
                    if (rig.status()["generation"] > before) != with_gate:
                        raise Missing("the gate was reached when it should not have been, or not when it should")
                    if i > 0:
                        times[with_gate].append(elapsed)
        return times[True], times[False]


def row(measure, ours, without):
    added = median(ours) - median(without)
    low, high = interval(lambda a, b: median(a) - median(b), ours, without)
    limit = max(10.0, 0.05 * median(without))
    return Row(f"{measure}, with the gate against without: adds {added:.1f} ms (95 %: {low:.1f} to {high:.1f})",
               describe(ours, "ms", 1), describe(without, "ms", 1), f"{median(ours) / median(without):.3f}",
               f"adds < {limit:.1f} ms", *verdict(added, low, limit))


def measure(rounds=20):
    need(HOOK)
    with Rig(1, directory=SOCKET_DIRECTORY) as rig:
        run(AGENT, "node", "install-hook", "--criu-config", CONFIG)
        wait_for("the gate's proof", lambda: rig.status()["gate"]["proven"])
        ours, without = alternate(rig, rounds)
    return [row(name, [t[i] for t in ours], [t[i] for t in without])
            for i, name in enumerate(("runc restore", "CRIU's part of it"))]
