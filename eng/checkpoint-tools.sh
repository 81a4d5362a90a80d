#!/usr/bin/env bash
# Puts CRIU, runc and crun of Debian 13 into a directory of their own.
#
#   checkpoint-tools.sh [DIR]      default artifacts/tools; prints the directory to put on PATH
#
# Nothing is installed on the machine: the packages are downloaded, unpacked and
# bound to the dynamic loader and libraries beside them, so the same versions run on Debian 12,
# whose CRIU cannot start on recent kernels. Needs apt, no root. DEBIAN_MIRROR
# names another mirror than the one apt is configured for.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
tools=${1:-$here/../artifacts/tools}
mkdir -p "$tools"
tools=$(cd "$tools" && pwd)
# shellcheck source=private-apt.sh
. "$here/private-apt.sh"
packages=(criu libcriu2 runc crun patchelf)

stamp=$(cat "$0" "$here/private-apt.sh" | sha256sum | cut -d' ' -f1)
if [ "$(cat "$tools/stamp" 2>/dev/null)" = "$stamp" ]; then
  echo "$tools/bin"
  exit 0
fi

work=$tools/work
rm -rf "$tools/root" "$tools/bin"
mkdir -p "$tools/bin"
private_apt_begin "$work"
# The closure without what only installs or configures the machine.
private_apt apt-get install --print-uris -y "${packages[@]}" |
  sed -n "s#^'.*/\([^/_]*\)_[^/]*'.*#\1#p" | sed 's/%2b/+/g' |
  grep -vE '^(debconf|perl-base|python3.*|libpython3.*|media-types|libsqlite3-0|libreadline.*|readline-common|tzdata|gcc-14-base)$' |
  sort -u >"$work/packages"
# shellcheck disable=SC2046
private_apt_download $(cat "$work/packages")
for deb in "$work"/debs/*.deb; do dpkg-deb -x "$deb" "$tools/root"; done

# Debian 13 has a merged /usr: its packages ship usr/lib only.
triplet=$(basename "$(echo "$tools"/root/usr/lib/*-linux-gnu*)")
loader=$(find "$tools/root/usr" -name 'ld-linux-*.so.*' | head -1)
libraries=$tools/root/usr/lib/$triplet
patch() { "$loader" --library-path "$libraries" "$tools/root/usr/bin/patchelf" "$@"; }
for program in criu runc crun; do
  binary=$(find "$tools/root/usr/sbin" "$tools/root/usr/bin" -name "$program" -type f | head -1)
  # The loader and libraries are named in the program itself, not in a wrapper:
  # runc starts /proc/self/exe again, which behind a wrapper would be the loader.
  # DT_RPATH, not RUNPATH: crun dlopens libcriu, whose own libraries are found through it.
  patch --set-interpreter "$loader" --force-rpath --set-rpath "$libraries" --output "$tools/bin/$program" "$binary"
  chmod 755 "$tools/bin/$program"
done

rm -rf "$work"
printf '%s\n' "$stamp" >"$tools/stamp"
echo "$tools/bin"
