#!/usr/bin/env bash
# Takes one program out of a Debian package without installing the package, which would also start its services.
#
#   unpack-program.sh DIR PACKAGE PROGRAM      PROGRAM, such as usr/bin/promtool, becomes DIR/promtool
set -euo pipefail

[ $# -eq 3 ] || { sed -n '2,4s/^# \{0,1\}//p' "$0" >&2; exit 2; }
# shellcheck source=again.sh
. "$(dirname "$0")/again.sh"
mkdir -p "$1"
directory=$(cd "$1" && pwd) package=$2 program=$3
target=$directory/$(basename "$program")
[ ! -x "$target" ] || exit 0

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
download() { apt-get download -qq -o APT::Sandbox::User="$(id -un)" "$package"; }
update_and_download() { apt-get update -qq && download; }
download 2>/dev/null || again update_and_download
dpkg-deb --fsys-tarfile ./*.deb | tar --extract "./$program"
mv "$program" "$target"
