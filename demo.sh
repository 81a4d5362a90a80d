#!/usr/bin/env bash
# Shows what SysGenId does, with real containers: a program that mints tokens is checkpointed
# once and restored twice, first without SysGenId, then with it.
#
#   ./demo.sh [--yes]      --yes: install missing Debian packages without asking
#
# Needs the .NET 10 SDK; with root also CRIU, which it unpacks beside this checkout. Nothing on
# the machine is configured and nothing is left behind but the build in artifacts/. Exits with 0
# only if what it shows is so.
set -euo pipefail
cd "$(dirname "$0")"

say() { printf '%s\n' "$*"; }
have() { command -v "$1" >/dev/null 2>&1; }

if ! have dotnet; then
  say "demo.sh needs the .NET 10 SDK (https://dotnet.microsoft.com/download): 'dotnet' is not on PATH." >&2
  exit 1
fi

# What the build (a C compiler that links) and CRIU (iptables locks a container's network) need.
missing=()
have gcc || missing+=(gcc libc6-dev)
if [ "$(id -u)" = 0 ] && have apt-get; then
  [ -x /usr/sbin/iptables ] || have iptables || missing+=(iptables)
fi
if [ ${#missing[@]} -gt 0 ]; then
  if [ "$(id -u)" != 0 ] || ! have apt-get; then
    say "demo.sh needs ${missing[*]}; install them and run it again." >&2
    exit 1
  fi
  say "Installing from Debian: ${missing[*]}"
  if [ -t 0 ] && [ "${1:-}" != --yes ]; then
    read -rp "Go on? [Y/n] " answer
    case $answer in [nN]*) exit 1 ;; esac
  fi
  eng/install-packages.sh "${missing[@]}"
fi

story=containers reason=
if [ "$(id -u)" != 0 ]; then
  story=processes reason="this is not root"
elif ! have apt-get; then
  story=processes reason="CRIU comes from Debian packages, and this machine has no apt"
elif ! unshare --mount true 2>/dev/null; then
  story=processes reason="mount namespaces are not allowed here"
else
  say "Unpacking CRIU 4, runc and crun of Debian 13 into artifacts/tools (nothing is installed)"
  if ! tools=$(eng/checkpoint-tools.sh) || ! "$tools/criu" check >/dev/null 2>&1; then
    story=processes reason="CRIU does not work on this kernel"
  fi
fi

say "Building SysGenId into artifacts/ (a minute or two the first time)"
eng/publish.sh artifacts/publish 2>artifacts/publish.log || { tail -20 artifacts/publish.log >&2; exit 1; }
gcc -O2 -static -o artifacts/publish/token-minter samples/token-minter/token-minter.c

say
if [ $story = containers ]; then
  # A mount namespace of its own: CRIU's configuration and /run in it are the demo's.
  exec unshare --mount --propagation private eng/demo/containers.sh "$PWD/artifacts/publish" "$tools"
fi
say "Without containers: $reason. Two copies of a process stand for two restores,"
say "and 'sysgenid bump' for the event that CRIU would be."
exec eng/demo/processes.sh "$PWD/artifacts/publish"
