#!/usr/bin/env bash
# Publishes sysgenid-operator, sysgenid-sidecar, sysgenid-criu-hook and sysgenid into OUT.
#
#   publish.sh OUT [RUNTIME]       RUNTIME is linux-x64 or linux-arm64; default: this machine's
#
# Sidecar, hook and command line are static native executables without any
# dependency; the operator needs the ASP.NET Core runtime of .NET 10.
set -euo pipefail

here=$(cd "$(dirname "$0")/.." && pwd)
[ $# -ge 1 ] || { sed -n '2,7s/^# \{0,1\}//p' "$0" >&2; exit 2; }
mkdir -p "$1"
out=$(cd "$1" && pwd)
runtime=${2:-linux-$(uname -m | sed 's/x86_64/x64/; s/aarch64/arm64/')}

publish() {
  echo "publishing $1" >&2
  dotnet publish "$here/src/$1" --configuration Release --runtime "$runtime" --output "$out" --nologo --verbosity quiet "${@:2}" >&2
}

publish SysGenId.Operator --no-self-contained
publish SysGenId.Sidecar
publish SysGenId.CriuHook
publish SysGenId.Cli
rm -f "$out"/*.xml "$out"/*.dbg "$out"/*.pdb
