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
packages=(criu libcriu2 runc crun patchelf)

stamp=$(sha256sum <"$0" | cut -d' ' -f1)
if [ "$(cat "$tools/stamp" 2>/dev/null)" = "$stamp" ]; then
  echo "$tools/bin"
  exit 0
fi

work=$tools/work
rm -rf "$work" "$tools/root" "$tools/bin"
mkdir -p "$work/none" "$work/state/lists/partial" "$work/cache/archives/partial" "$work/debs" "$tools/bin"
: >"$work/status"

mirror=${DEBIAN_MIRROR:-$(apt-get indextargets --format '$(REPO_URI)' 'Identifier: Packages' | sed 's#/*$##' | grep -m1 '/debian$' || true)}
if [ -z "$mirror" ]; then
  echo "checkpoint-tools.sh: no Debian mirror in apt's sources; set DEBIAN_MIRROR" >&2
  exit 1
fi
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
signed=
[ ! -e "$keyring" ] || signed="signed-by=$keyring "
echo "deb [${signed}targets=Packages] $mirror trixie main" >"$work/sources.list"

private_apt() {
  local command=$1; shift
  "$command" -qq -o Dir::Etc::SourceList="$work/sources.list" -o Dir::Etc::SourceParts="$work/none" \
    -o Dir::Etc::Preferences=/dev/null -o Dir::Etc::PreferencesParts="$work/none" \
    -o Dir::State="$work/state" -o Dir::State::status="$work/status" -o Dir::Cache="$work/cache" \
    -o APT::Install-Recommends=false -o APT::Default-Release= -o APT::Sandbox::User="$(id -un)" "$@"
}

private_apt apt-get update >&2
# The closure without what only installs or configures the machine.
private_apt apt-get install --print-uris -y "${packages[@]}" |
  sed -n "s#^'.*/\([^/_]*\)_[^/]*'.*#\1#p" | sed 's/%2b/+/g' |
  grep -vE '^(debconf|perl-base|python3.*|libpython3.*|media-types|libsqlite3-0|libreadline.*|readline-common|tzdata|gcc-14-base)$' |
  sort -u >"$work/packages"
# shellcheck disable=SC2046
(cd "$work/debs" && private_apt apt-get download $(cat "$work/packages") >&2)
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
