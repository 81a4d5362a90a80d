#!/usr/bin/env bash
# Puts QEMU, a kernel for its guests and what the agent needs of a root file system, all of Debian 13, into a directory of
# their own.
#
#   vm-tools.sh [DIR]      default artifacts/vm-tools; prints the directory
#
#   DIR/qemu               runs QEMU with the loader, libraries and firmware beside it
#   DIR/vmlinuz            Debian's cloud kernel; all that a guest needs is built into it
#   DIR/lib                the C and C++ libraries, for the guest
#
# Nothing is installed on the machine: the same versions run on Debian 12. Needs apt, no root; amd64 only, as the virtual
# machine generation id is for a guest of QEMU. DEBIAN_MIRROR names another mirror than the one apt is configured for.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
tools=${1:-$here/../artifacts/vm-tools}
mkdir -p "$tools"
tools=$(cd "$tools" && pwd)
# shellcheck source=private-apt.sh
. "$here/private-apt.sh"

if [ "$(uname -m)" != x86_64 ]; then
  echo "vm-tools.sh: guests are for x86_64 only" >&2
  exit 1
fi

stamp=$(cat "$0" "$here/private-apt.sh" | sha256sum | cut -d' ' -f1)
if [ "$(cat "$tools/stamp" 2>/dev/null)" = "$stamp" ]; then
  echo "$tools"
  exit 0
fi

work=$tools/work
rm -rf "$tools/stamp" "$tools/root" "$tools/lib" "$tools/qemu"
private_apt_begin "$work"
kernel=$(private_apt apt-cache depends linux-image-cloud-amd64 | sed -n 's/.*Depends: \(linux-image-.*\)/\1/p')
# The closure without what only installs or configures the machine.
private_apt apt-get install --print-uris -y qemu-system-x86 libstdc++6 |
  sed -n "s#^'.*/\([^/_]*\)_[^/]*'.*#\1#p" | sed 's/%2b/+/g' |
  grep -vE '^(adduser|base-passwd|passwd|login.defs|debconf|libpam.*|libsemanage.*|libsepol2|libaudit.*|gcc-14-base|openssl-provider-legacy)$' |
  sort -u >"$work/packages"
# shellcheck disable=SC2046
private_apt_download $(cat "$work/packages") "$kernel"

mkdir -p "$tools/root" "$tools/lib"
dpkg-deb --fsys-tarfile "$work/debs/$kernel"_*.deb | tar --extract --to-stdout --wildcards './boot/vmlinuz-*' >"$tools/vmlinuz"
rm "$work/debs/$kernel"_*.deb
for deb in "$work"/debs/*.deb; do
  dpkg-deb --fsys-tarfile "$deb" | tar --extract --directory "$tools/root" --exclude './usr/share/doc' --exclude './usr/share/man' --exclude './usr/share/locale'
done

libraries=$tools/root/usr/lib/x86_64-linux-gnu
for library in ld-linux-x86-64.so.2 libc.so.6 libdl.so.2 libm.so.6 libpthread.so.0 librt.so.1 libgcc_s.so.1 libstdc++.so.6; do
  cp --dereference "$libraries/$library" "$tools/lib/"
done

cat >"$tools/qemu" <<SCRIPT
#!/bin/sh
exec "$libraries/ld-linux-x86-64.so.2" --library-path "$libraries" "$tools/root/usr/bin/qemu-system-x86_64" \\
  -L "$tools/root/usr/share/seabios" -L "$tools/root/usr/share/qemu" "\$@"
SCRIPT
chmod 755 "$tools/qemu"
"$tools/qemu" --version >/dev/null

rm -rf "$work"
printf '%s\n' "$stamp" >"$tools/stamp"
echo "$tools"
