#!/bin/busybox sh
# What a distribution's first programs would do.
/bin/busybox mkdir -p /proc /sys /dev /run /tmp /var/lib /var/log /etc/criu
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
mount -t tmpfs tmpfs /run
mount -t tmpfs tmpfs /tmp
mount -t cgroup2 cgroup2 /sys/fs/cgroup
ip link set lo up
hostname guest
for port in /dev/ttyS1 /dev/ttyS2; do stty -F $port raw -echo clocal; done
