#!/usr/bin/env bash
# Installs packages of Debian's on this machine, and waits for whoever else installs some.
#
#   install-packages.sh PACKAGE ...
set -euo pipefail

[ $# -ge 1 ] || { sed -n '2,4s/^# \{0,1\}//p' "$0" >&2; exit 2; }
# shellcheck source=again.sh
. "$(dirname "$0")/again.sh"

update_and_install() {
  apt-get update -qq &&
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends -o DPkg::Lock::Timeout=300 "$@" >/dev/null
}
again update_and_install "$@"
