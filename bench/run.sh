#!/usr/bin/env bash
# Measures SysGenId against what the machine itself can do, and prints a table.
#
#   bench/run.sh [--check] [--write] [--only NAME[,NAME...]]
#
# --check   exit 1 when a target is missed by more than noise allows (docs/benchmarks.md says how)
# --write   also put the table into docs/benchmarks.md
# --only    some of the measures; see bench/process/bench.py
#
# Needs root, gcc, python3, the .NET SDK and busybox-static. Everything runs in a private mount
# namespace with a /run and an /etc/criu of its own: nothing is left on the machine.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
published=$root/artifacts/publish

if [ "$(id -u)" != 0 ]; then
  echo "bench/run.sh: needs root (mount namespace, CRIU)" >&2
  exit 2
fi
if [ -x "$root/eng/publish.sh" ] && [ -z "${BENCH_NO_PUBLISH:-}" ]; then
  "$root/eng/publish.sh" "$published" >&2
fi
tools=$("$root/eng/checkpoint-tools.sh")

export BENCH_ROOT=$root BENCH_PUBLISHED=$published PATH=$tools:$PATH PYTHONDONTWRITEBYTECODE=1
exec unshare --mount --propagation private -- bash -euc '
  mount -t tmpfs -o mode=755 bench-run /run
  mkdir -p /run/lock
  # Where the machine has no /etc/criu, a layer over /etc holds it: the machine itself stays as it is.
  if [ ! -d /etc/criu ]; then
    mkdir -p /run/etc/upper /run/etc/work
    mount -t overlay -o lowerdir=/etc,upperdir=/run/etc/upper,workdir=/run/etc/work bench-etc /etc
    mkdir /etc/criu
  fi
  mount -t tmpfs -o mode=755 bench-criu /etc/criu
  exec python3 "$BENCH_ROOT/bench/process/bench.py" "$@"
' bench "$@"
