"""An agent with its sidecars, started for a measure and gone after it."""

import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from programs import AGENT, SIDECAR, Missing, need


def wait_for(what, condition, seconds=20):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.01)
    raise Missing(f"{what}: not within {seconds} s")


def ask(path, **request):
    """One request on a control or agent socket."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as s:
        s.settimeout(10)
        s.connect(str(path))
        s.sendall(json.dumps(request).encode() + b"\n")
        return json.loads(s.makefile("rb").readline())


class Rig:
    """`with Rig(sidecars=64) as rig:`; the agent's socket is `rig.socket`."""

    def __init__(self, sidecars, directory=None, config=None):
        need(AGENT, SIDECAR)
        self.directory = Path(directory or tempfile.mkdtemp(prefix="sgid-", dir="/dev/shm"))
        self.socket = self.directory / "node.sock"
        self.pods = [self.directory / f"pod{i}" for i in range(sidecars)]
        self.log = self.directory / "log"
        self.arguments = ["--criu-config", config] if config else []
        self.sidecars = []

    def __enter__(self):
        self.directory.mkdir(parents=True, exist_ok=True)
        try:
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _start(self):
        self.agent = self._run(AGENT, "node", "--standalone", "--state-dir", self.directory / "state",
                               "--socket", self.socket, *self.arguments)
        wait_for("the agent's socket", self._answers)
        for pod in self.pods:
            pod.mkdir()
            self.sidecars.append(self._run(SIDECAR, "--dir", pod, "--agent", self.socket))
        wait_for("all sidecars registered", lambda: len(self.status()["sidecars"]) == len(self.pods))
        wait_for("all watch sockets", lambda: all((p / "watch.sock").exists() for p in self.pods))

    def _run(self, *command):
        with open(self.log, "ab") as log:
            return subprocess.Popen([str(c) for c in command], stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def _answers(self):
        if self.agent.poll() is not None:
            raise Missing(f"the agent ended: {self.log.read_text()[-2000:]}")
        try:
            return self.status()["ok"]
        except (OSError, ValueError):
            return False

    def status(self):
        return ask(self.socket, op="status")

    @property
    def pages(self):
        return [p / "generation" for p in self.pods]

    @property
    def watch_sockets(self):
        return [p / "watch.sock" for p in self.pods]

    def __exit__(self, *_):
        running = [p for p in [*self.sidecars, getattr(self, "agent", None)] if p]
        for process in running:
            process.send_signal(signal.SIGTERM)
        for process in running:
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        shutil.rmtree(self.directory, ignore_errors=True)


class PodProcess:
    """Stands for the first process of a restored container: it has a pod's directory mounted where an
    injected container has it. `with PodProcess(pod) as pid:`"""

    def __init__(self, pod):
        self.pod = pod

    def __enter__(self):
        os.makedirs("/run/sysgenid", exist_ok=True)
        self.process = subprocess.Popen(
            ["unshare", "--mount", "--propagation", "private", "sh", "-ec",
             'mount --bind "$0" /run/sysgenid; echo ready; exec sleep 100000', str(self.pod)], stdout=subprocess.PIPE)
        self.process.stdout.readline()
        return self.process.pid

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()


def connect_watcher(path):
    """One watcher, having read the word every connection begins with."""
    s = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    s.settimeout(10)
    s.connect(str(path))
    if len(s.recv(4)) != 4:
        raise Missing("the watch socket sent no generation")
    return s


def memory(pid):
    """(RSS, PSS) in KiB."""
    status = Path(f"/proc/{pid}/status").read_text()
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    rss = next(int(l.split()[1]) for l in status.splitlines() if l.startswith("VmRSS"))
    pss = next(int(l.split()[1]) for l in rollup.splitlines() if l.startswith("Pss:"))
    return rss, pss


def context_switches(pid):
    """Of each thread since it started, voluntary or not."""
    switches = {}
    for task in os.listdir(f"/proc/{pid}/task"):
        lines = Path(f"/proc/{pid}/task/{task}/status").read_text().splitlines()
        switches[task] = sum(int(l.split()[1]) for l in lines if "ctxt_switches" in l)
    return switches


def switched(before, after):
    """A thread that ended meanwhile counts no more; one that began counts from its start."""
    return sum(count - before.get(task, 0) for task, count in after.items())
