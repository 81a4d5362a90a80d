#!/usr/bin/env bash
# Makes a root file system for the .NET runtime out of Debian 13: the C and C++ libraries, OpenSSL, root certificates, and
# nothing that can be run. What stays of each package: libraries, licence, and the entry by which scanners know it.
#
#   debian-root.sh ARCHITECTURE DIR        amd64 or arm64
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=../private-apt.sh
. "$here/../private-apt.sh"
[ $# -eq 2 ] || { sed -n '2,5s/^# \{0,1\}//p' "$0" >&2; exit 2; }
architecture=$1 root=$2
packages=(base-files ca-certificates libc6 libgcc-s1 libssl3t64 libstdc++6 libzstd1 zlib1g)

stamp=$(cat "$0" "$here/../private-apt.sh" | sha256sum | cut -d' ' -f1)
[ "$(cat "$root.stamp" 2>/dev/null)" != "$stamp" ] || exit 0

private_apt_begin "$root.work" "$architecture"
private_apt_download "${packages[@]}"
rm -rf "$root"
mkdir -p "$root"/etc/ssl/certs "$root"/var/lib/dpkg/status.d "$root"/tmp "$root"/proc "$root"/sys "$root"/dev "$root"/run "$root"/usr/lib
for directory in lib lib64; do ln -s "usr/$directory" "$root/$directory"; done

for deb in "$root.work"/debs/*.deb; do
  package=$(dpkg-deb -f "$deb" Package)
  unpacked=$root.work/unpacked/$package
  mkdir -p "$unpacked"
  dpkg-deb -x "$deb" "$unpacked"
  dpkg-deb -f "$deb" >"$root/var/lib/dpkg/status.d/$package"
  mkdir -p "$root/usr/share/doc/$package"
  cp "$unpacked/usr/share/doc/$package/copyright" "$root/usr/share/doc/$package/" 2>/dev/null || rmdir "$root/usr/share/doc/$package"
  case $package in
    base-files) cp "$unpacked/usr/lib/os-release" "$root/usr/lib/"; ln -s ../usr/lib/os-release "$root/etc/os-release" ;;
    ca-certificates) LC_ALL=C find "$unpacked/usr/share/ca-certificates" -name '*.crt' -print0 | LC_ALL=C sort -z | xargs -0 cat >"$root/etc/ssl/certs/ca-certificates.crt" ;;
    *)
      # Libraries and the loader; not the character sets, engines and audit modules beside them.
      (cd "$unpacked" && find usr -mindepth 2 -maxdepth 3 -name '*.so*' ! -type d | grep -E '^usr/lib(64)?/([^/]*-linux-gnu/)?[^/]*$' |
        tar --create --files-from -) | tar --extract --directory "$root"
      ;;
  esac
done
[ -e "$root/usr/lib64" ] || rm "$root/lib64"

printf '%s\n' 'root:x:0:0:root:/:/sbin/nologin' 'sysgenid:x:65532:65532:sysgenid:/:/sbin/nologin' >"$root/etc/passwd"
printf '%s\n' 'root:x:0:' 'sysgenid:x:65532:' >"$root/etc/group"
printf '%s\n' 'hosts: files dns' >"$root/etc/nsswitch.conf"

rm -rf "$root.work"
printf '%s\n' "$stamp" >"$root.stamp"
