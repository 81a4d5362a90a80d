#!/usr/bin/env bash
# Installs the Debian packages that the tests use and this machine lacks. Says so first; does
# nothing when all are there. As an ordinary user it only says what is missing: the tests that
# need it are then skipped with that reason.
set -euo pipefail

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
need npm npm
need unzip unzip
need openssl openssl

[ ${#missing[@]} -gt 0 ] || exit 0
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  echo "Missing for the tests, and not installable here: ${missing[*]}" >&2
  exit 0
fi
echo "Installing from Debian: ${missing[*]}"
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
