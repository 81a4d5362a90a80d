#!/usr/bin/env bash
# The demo without containers: two copies of a process stand for two restores of one checkpoint.
#
#   processes.sh PUBLISHED
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
published=$1
# shellcheck source=lib.sh
. "$here/lib.sh"

work=$(mktemp -d /tmp/sysgenid-demo.XXXXXX)
background=()
finish() {
  local status=$?
  set +e
  pkill -f "^$published/token-minter $work" 2>/dev/null
  [ ${#background[@]} -eq 0 ] || kill "${background[@]}" 2>/dev/null
  wait
  [ $status -eq 0 ] || tail -15 "$work"/*.log >&2
  rm -rf "$work"
  exit $status
}
trap finish EXIT

echo
echo "1  Without SysGenId: two copies of one process"
"$published/token-minter" "$work/plain" --fork &
background+=($!)
await lines "$work/plain" 5
await lines "$work/plain-copy" 5
compare "$work/plain" "$work/plain-copy" "Both go on from the same state in memory:"
plain_shared=$(shared_tokens "$work/plain" "$work/plain-copy")
echo

echo "2  With SysGenId: agent and sidecar started"
socket=$work/node/node.sock
"$published/sysgenid-operator" node --standalone --socket "$socket" --state-dir "$work/state" --criu-config "$work/criu.conf" >"$work/agent.log" 2>&1 &
background+=($!)
"$published/sysgenid-sidecar" --dir "$work/pod" --agent "$socket" >"$work/sidecar.log" 2>&1 &
background+=($!)
sysgenid() { "$published/sysgenid" "$@" --socket "$socket"; }
registered() { sysgenid status --output json | grep -q '"upToDate":true'; }
await registered
before=$(field generation "$(sysgenid status --output json)")
"$published/token-minter" "$work/gated" "$work/pod" --fork &
background+=($!)
await lines "$work/gated" 5
await lines "$work/gated-copy" 5
both_watch() { sysgenid status --output json | grep -q '"watchers":2'; }
await both_watch
sysgenid bump
wait_result=$(sysgenid wait --timeout 60) && wait_status=0 || wait_status=$?
: >"$work/gated"
: >"$work/gated-copy"
await lines "$work/gated" 5
await lines "$work/gated-copy" 5
compare "$work/gated" "$work/gated-copy" "After the bump each has seeded anew:"
gated_shared=$(shared_tokens "$work/gated" "$work/gated-copy")
after=$(sysgenid status --output json)
generation=$(sed -n 's/^{"ok":true,.*"generation":\([0-9]*\),"id".*/\1/p' <<<"$after" | head -1)
echo
row() { printf '  %-34s %s\n' "$1" "$2"; }
row "generation before -> after" "$before -> $generation"
row "tokens both copies minted" "$plain_shared without, $gated_shared with SysGenId"
row "wait for all watchers" "$wait_result"
echo
[ "$plain_shared" -gt 0 ] && [ "$gated_shared" -eq 0 ] && [ $wait_status = 0 ] && [ "$generation" -gt "$before" ] || { echo "demo: what was to be shown is not so" >&2; exit 1; }
echo "What you saw is so: without SysGenId the copies are twins, with it they are not."
echo "Next: run it as root on Debian 12 or 13 to see real containers restored by CRIU."
