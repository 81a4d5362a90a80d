#!/usr/bin/env bash
# The demo with real containers: runc, CRIU, agent, hook and sidecar, in a mount namespace of its own.
#
#   containers.sh PUBLISHED TOOLS
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
published=$1
export PATH=$2:$PATH:/usr/sbin:/sbin
# shellcheck source=lib.sh
. "$here/lib.sh"

work=$(mktemp -d /dev/shm/sysgenid-demo.XXXXXX)
name=sysgenid-demo-$$
background=()
finish() {
  local status=$?
  set +e
  for container in $(runc --root "$work/runc" list -q 2>/dev/null); do runc --root "$work/runc" delete -f "$container" 2>/dev/null; done
  [ ${#background[@]} -eq 0 ] || kill "${background[@]}" 2>/dev/null
  wait
  if [ $status -ne 0 ]; then
    for log in "$work"/*.log "$work"/*/restore.log "$work"/*/dump.log; do [ ! -s "$log" ] || { echo "--- $log"; tail -15 "$log"; } >&2; done
  fi
  # The cgroups runc made are empty now.
  find /sys/fs/cgroup -depth -type d -name "$name*" -exec rmdir {} + 2>/dev/null
  # What is mounted in this namespace hides the directory from nobody else.
  umount -l /etc /run 2>/dev/null
  rm -rf "$work"
  exit $status
}
trap finish EXIT

# /etc/criu may not exist on this machine and must not be made there: a copy of /etc stands in front of it.
cp -a /etc "$work/etc"
rm -rf "$work/etc/criu"
mkdir "$work/etc/criu" "$work/run"
mount --bind "$work/etc" /etc
mount --bind "$work/run" /run

# bundle NAME [SYSGENID-DIRECTORY]: a container that mints tokens into $work/NAME/work
bundle() {
  local directory=$work/$1
  mkdir -p "$directory"/rootfs/{proc,dev,run/sysgenid,work,bin} "$directory/work"
  cp "$published/token-minter" "$directory/rootfs/bin/"
  local arguments='"/bin/token-minter", "/work/log"' mount=
  if [ $# -gt 1 ]; then
    arguments+=', "/run/sysgenid"'
    mount=", { \"destination\": \"/run/sysgenid\", \"type\": \"bind\", \"source\": \"$2\", \"options\": [\"bind\", \"ro\"] }"
  fi
  cat >"$directory/config.json" <<JSON
{ "ociVersion": "1.0.2",
  "process": { "user": { "uid": 0, "gid": 0 }, "args": [$arguments], "cwd": "/", "noNewPrivileges": true },
  "root": { "path": "rootfs" },
  "mounts": [
    { "destination": "/proc", "type": "proc", "source": "proc" },
    { "destination": "/dev", "type": "tmpfs", "source": "tmpfs" },
    { "destination": "/work", "type": "bind", "source": "$directory/work", "options": ["bind", "rw"] }$mount ],
  "linux": { "cgroupsPath": "/$name-$1", "namespaces": [ { "type": "pid" }, { "type": "ipc" }, { "type": "uts" }, { "type": "mount" } ] } }
JSON
}

run_container() { runc --root "$work/runc" --log "$work/runc.log" run -d --bundle "$work/$1" "$name-$1" </dev/null >/dev/null 2>&1; }

# checkpoint NAME IMAGE: dumps and ends it
checkpoint() {
  runc --root "$work/runc" --log "$work/runc.log" checkpoint --image-path "$work/$2" --work-path "$work/$1" "$name-$1" </dev/null >/dev/null
  runc --root "$work/runc" delete -f "$name-$1" >/dev/null 2>&1 || true
}

restore() {
  : >"$work/$1/work/log"
  runc --root "$work/runc" --log "$work/runc.log" restore -d --bundle "$work/$1" --image-path "$work/$2" --work-path "$work/$1" "$name-$1" </dev/null >/dev/null 2>&1
}

# By CRIU's own log, in milliseconds: the whole restore, and what its action scripts took.
criu_ms() { sed -n 's/^(0*\([0-9.]*\)) Restore finished successfully.*/\1/p' "$1" | awk '{ printf "%.1f", $1 * 1000 }'; }
scripts_ms() {
  awk -F'[()]' '/^\(/ && waiting && !/^\([0-9.]*\) \t/ { sum += $2 - began; waiting = 0 } / Running .* scripts/ { began = $2; waiting = 1 } END { printf "%.1f", sum * 1000 }' "$1"
}

# Mints in one container, is checkpointed, and goes on in two.
clone_twice() {
  local mode=$1 directory=${2:-}
  for container in "$mode" "$mode-a" "$mode-b"; do bundle "$container" ${directory:+"$directory"}; done
  run_container "$mode"
  await lines "$work/$mode/work/log" 5
  checkpoint "$mode" "image-$mode"
  for clone in a b; do
    restore "$mode-$clone" "image-$mode"
    await lines "$work/$mode-$clone/work/log" 5
  done
}

echo "1  Without SysGenId: one checkpoint, restored twice"
clone_twice plain
compare "$work/plain-a/work/log" "$work/plain-b/work/log" "Both clones go on from the same state in memory:"
plain_shared=$(shared_tokens "$work/plain-a/work/log" "$work/plain-b/work/log")
plain_ms=$(criu_ms "$work/plain-b/restore.log")
runc --root "$work/runc" delete -f "$name-plain-a"
runc --root "$work/runc" delete -f "$name-plain-b"
echo

echo "2  With SysGenId: agent and sidecar started, one line put into CRIU's configuration"
"$published/sysgenid-operator" node install-hook --hook-dir "$work/hook" >"$work/install.log"
"$published/sysgenid-operator" node --standalone --state-dir "$work/state" >"$work/agent.log" 2>&1 &
background+=($!)
"$published/sysgenid-sidecar" --dir "$work/pod" --agent /run/sysgenid/node.sock >"$work/sidecar.log" 2>&1 &
background+=($!)
sysgenid() { "$published/sysgenid" "$@"; }
registered() { sysgenid status --output json | grep -q '"upToDate":true'; }
gate_proven() { sysgenid status --output json | grep -q '"gate":{"proven":true'; }
await registered
await gate_proven
echo "  The gate is proven: CRIU took a process of the agent's own through a checkpoint, and the hook was called."

before=$(field generation "$(sysgenid status --output json)")
clone_twice gated "$work/pod"
wait_result=$(sysgenid wait --timeout 60 2>&1) && wait_status=0 || wait_status=$?
# What was minted before the checkpoint and is only written after it comes first, and no clone could take it back.
for clone in a b; do
  awk -v old="$before" 'NR > 1 || $2 > old' "$work/gated-$clone/work/log" >"$work/gated-$clone/minted"
done
after=$(sysgenid status --output json)
generation=$(sed -n 's/^{"ok":true,.*"generation":\([0-9]*\),"id".*/\1/p' <<<"$after" | head -1)
watchers=$(sysgenid watchers --socket "$work/pod/control.sock" --output json)
compare "$work/gated-a/minted" "$work/gated-b/minted" "Each clone saw a new generation before its first instruction, and seeded anew:"
gated_shared=$(shared_tokens "$work/gated-a/minted" "$work/gated-b/minted")
gated_ms=$(criu_ms "$work/gated-b/restore.log")
gate_ms=$(scripts_ms "$work/gated-b/restore.log")
stale=$(cat "$work"/gated-[ab]/minted | awk -v old="$before" '$2 <= old' | wc -l)
echo
all=$(field watchers "$watchers") outdated=$(field outdated "$watchers")

row() { printf '  %-34s %s\n' "$1" "$2"; }
row "generation before -> after" "$before -> $generation"
row "tokens both clones minted" "$plain_shared without, $gated_shared with SysGenId"
row "tokens of the old generation" "$stale"
row "watchers acked" "$((all - outdated)) of $all"
row "wait for all watchers" "$([ $wait_status = 0 ] && echo "all up to date" || echo "$wait_result")"
row "CRIU's restore took" "$gated_ms ms ($plain_ms ms without)"
row "of which our gate" "$gate_ms ms"
echo

[ "$plain_shared" -gt 0 ] || { echo "demo: without SysGenId the clones did not mint the same tokens" >&2; exit 1; }
[ "$gated_shared" -eq 0 ] || { echo "demo: with SysGenId the clones minted $gated_shared same tokens" >&2; exit 1; }
[ "$stale" -eq 0 ] || { echo "demo: a clone minted in the generation of the checkpoint" >&2; exit 1; }
[ "$generation" -gt "$before" ] || { echo "demo: the generation did not move" >&2; exit 1; }
[ $wait_status = 0 ] && [ "$outdated" = 0 ] && [ "$all" -ge 2 ] || { echo "demo: not every watcher came back" >&2; exit 1; }
echo "What you saw is so: without SysGenId the clones are twins, with it they are not."
echo "Next: README.md, 'On a plain host'. Everything was in a namespace of its own and is gone now."
