#!/usr/bin/env bash
# A node and a pod for trying: agent and sidecar on this machine, as an ordinary user, until Ctrl-C.
#
#   start-node.sh [DIR]        default /tmp/sysgenid-UID; the programs' directory is DIR/pod
#
# Needs the .NET 10 SDK and gcc to build the programs, once. Nothing on the machine is configured: CRIU does not
# know of this agent and the machine's own clones are not looked for, so the generation moves by `sysgenid bump`.
# It goes on where the last one ended in DIR, as on a real node. SYSGENID_PUBLISH_DIR: programs that are built.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
programs=${SYSGENID_PUBLISH_DIR:-$root/artifacts/publish}
directory=${1:-/tmp/sysgenid-$(id -u)}

if [ ! -x "$programs/sysgenid-operator" ]; then
  echo "Building SysGenId into $programs (a minute or two, once)"
  log=$(mktemp)
  "$root/eng/publish.sh" "$programs" 2>"$log" || { tail -20 "$log" >&2; exit 1; }
  rm -f "$log"
fi

# Nobody else's: who may write here may pretend to be the agent.
mkdir -p -m 700 "$directory"
[ -O "$directory" ] || { echo "start-node.sh: $directory belongs to somebody else; give another directory." >&2; exit 1; }
directory=$(cd "$directory" && pwd)
socket=$directory/node/node.sock

background=()
finish() {
  trap - EXIT INT TERM
  [ ${#background[@]} -eq 0 ] || kill "${background[@]}" 2>/dev/null || true
  wait
}
trap finish EXIT
trap 'exit 0' INT TERM

"$programs/sysgenid-operator" node --standalone --socket "$socket" --state-dir "$directory/state" --criu-config "$directory/criu.conf" \
  --kernel-log none --vmclock none --sysgenid-device none >"$directory/agent.log" 2>&1 &
background+=($!)
"$programs/sysgenid-sidecar" --dir "$directory/pod" --agent "$socket" >"$directory/sidecar.log" 2>&1 &
background+=($!)

registered() { "$programs/sysgenid" status --socket "$socket" --output json 2>/dev/null | grep -q '"upToDate":'; }
for attempt in $(seq 250); do
  registered && break
  kill -0 "${background[@]}" 2>/dev/null && [ "$attempt" -lt 250 ] || { tail -5 "$directory"/*.log >&2; exit 1; }
  sleep 0.04
done

cat <<EOF
A node and a pod are there, until Ctrl-C. In another terminal:

  export SYSGENID_DIR=$directory/pod
  export PATH=$programs:\$PATH
  samples/run.sh watchdog c

and in a third one, with the same PATH, what a restore would do:

  sysgenid bump --socket $socket
  sysgenid wait --socket $socket
EOF
wait -n
echo "start-node.sh: a program ended; its last lines:" >&2
tail -5 "$directory"/*.log >&2
exit 1
