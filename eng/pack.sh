#!/usr/bin/env bash
# Packs the libraries that programs use into OUT, as a feed of packages.
#
#   pack.sh OUT
set -euo pipefail

here=$(cd "$(dirname "$0")/.." && pwd)
[ $# -eq 1 ] || { sed -n '2,4s/^# \{0,1\}//p' "$0" >&2; exit 2; }
mkdir -p "$1"
out=$(cd "$1" && pwd)

for package in SysGenId.Core SysGenId.Client SysGenId.Extensions.Hosting; do
  echo "packing $package" >&2
  dotnet pack "$here/src/$package" --configuration Release --output "$out" --nologo --verbosity quiet >&2
done
