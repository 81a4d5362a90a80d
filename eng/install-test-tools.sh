#!/usr/bin/env bash
# Installs the Debian packages that the tests use and this machine lacks. Says so first; does
# nothing when all are there. As an ordinary user it only says what is missing: the tests that
# need it are then skipped with that reason.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
programs=$here/../artifacts/programs

missing=()
need() { command -v "$1" >/dev/null 2>&1 || [ -x "/usr/sbin/$1" ] || missing+=("${@:2}"); }
need gcc gcc libc6-dev
need python3 python3
need busybox busybox-static
need iptables iptables
need setpriv util-linux
need ip iproute2
need pgrep procps
need systemd-analyze systemd
need zsh zsh
need fish fish
need file file
need skopeo skopeo
[ "$(uname -m)" != x86_64 ] || need aarch64-linux-gnu-gcc gcc-aarch64-linux-gnu libc6-dev-arm64-cross
need npm npm
need unzip unzip
need openssl openssl

# Of these only one program each is used, and not worth a service or hundreds of megabytes on the machine.
unpack() {
  [ ! -x "$programs/$(basename "$2")" ] || return 0
  echo "Unpacking $(basename "$2") of Debian's $1"
  "$here/unpack-program.sh" "$programs" "$@" || echo "$(basename "$2") could not be had: tests with it are skipped." >&2
}
unpack_all() {
  command -v apt-get >/dev/null || return 0
  unpack prometheus usr/bin/promtool
  unpack qemu-user-static usr/bin/qemu-aarch64-static
}

[ ${#missing[@]} -gt 0 ] || { unpack_all; exit 0; }
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  echo "Missing for the tests, and not installable here: ${missing[*]}" >&2
  exit 0
fi
echo "Installing from Debian: ${missing[*]}"
"$here/install-packages.sh" "${missing[@]}"
unpack_all
