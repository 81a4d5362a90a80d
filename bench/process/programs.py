"""The programs measured and the programs they are measured against."""

import json
import os
import subprocess
from pathlib import Path

ROOT = Path(os.environ["BENCH_ROOT"])
PUBLISHED = Path(os.environ["BENCH_PUBLISHED"])
BUILT = ROOT / "artifacts" / "bench"

AGENT = PUBLISHED / "sysgenid-operator"
SIDECAR = PUBLISHED / "sysgenid-sidecar"
HOOK = PUBLISHED / "sysgenid-criu-hook"
CLI = PUBLISHED / "sysgenid"


class Missing(Exception):
    """A measure cannot be taken here, and why."""


def need(*paths):
    absent = [p.name for p in paths if not p.exists()]
    if absent:
        raise Missing(f"{', '.join(absent)} missing from {PUBLISHED}; run eng/publish.sh")


def compile_baselines():
    BUILT.mkdir(parents=True, exist_ok=True)
    for source in sorted((ROOT / "bench" / "baselines").glob("*.c")):
        subprocess.run(["gcc", "-O2", "-Wall", "-Wextra", "-Werror", "-static",
                        "-o", BUILT / source.stem, source], check=True)


def baseline(name, *arguments, env=None):
    """Runs a baseline program; it prints one line of JSON."""
    done = subprocess.run([BUILT / name, *map(str, arguments)], stdout=subprocess.PIPE, text=True,
                          env={**os.environ, **(env or {})}, timeout=120)
    if done.returncode != 0:
        raise Missing(f"{name} ended with status {done.returncode}")
    return json.loads(done.stdout)
