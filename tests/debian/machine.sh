# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034 # what is set here is the scripts'
# A machine for tests/debian/run and strike: a real Debian root on a file system of its own,
# with sysfs of a desktop (desktop.host) beside it. Sourced; $here and lib.sh come first.

export LC_ALL=C
gpu=0000:01:00.0
nic=0000:03:00.0

# A mount namespace of its own: whatever happens, no mount or loop device is left behind.
own_namespace() {
  [ "${PCIFERRY_TEST_NAMESPACE-}" ] ||
    exec env PCIFERRY_TEST_NAMESPACE=1 unshare --mount --propagation private "$0" "$@"
}

# A command that pciferry started may outlive a signal, and keep the mount busy.
machine_remove() {
  if mountpoint -q "$root"; then umount -R "$root" || umount -R -l "$root" || return; fi
  rm -rf --one-file-system "$work"
}

# Debian's 10_linux takes /dev/loop[0-9] for loop-AES and asks for the file behind it,
# which is outside of the chroot; a number of two digits is left alone.
mount_image() {
  loop=10
  until losetup "/dev/loop$loop" "$1" 2>/dev/null; do
    loop=$((loop + 1))
    [ "$loop" -lt 100 ] || die "no free loop device"
  done
  mount "/dev/loop$loop" "$2" || die "cannot mount $1"
  losetup -d "/dev/loop$loop" # it goes with the mount
}

# machine_make CACHE EXPAND-HOST: sets $work, a directory of its own, and $root in it.
machine_make() {
  [ "$(id -u)" -eq 0 ] || die "must run as root: it mounts a file system and enters it"
  need_tools mmdebstrap zstd mkfs.ext4 losetup jq strace
  work=$(mktemp -d)
  root=$work/root
  trap machine_remove EXIT
  trap 'exit 130' HUP INT TERM
  tarball=$("$here/root" "$1")
  mkdir "$root" "$work/tree"
  truncate -s 1400M "$work/image"
  mkfs.ext4 -q -m 0 "$work/image"
  mount_image "$work/image" "$root"
  tar -x --zstd --numeric-owner --xattrs --xattrs-include='*' -C "$root" -f "$tarball"
  "$2" "$here/desktop.host" "$work/tree"
  cp -a "$work/tree/sys/." "$root/sys/"
  cp -a "$work/tree/proc/." "$root/proc/"
  sed -i 's/^GRUB_CMDLINE_LINUX=.*/GRUB_CMDLINE_LINUX="audit=0"/' "$root/etc/default/grub"
}

# Runs a real tool of the root.
in_root() {
  # shellcheck disable=SC2016 # for the inner shell
  unshare --mount sh -euc 'mount -t proc proc "$0/proc"; mount --rbind /dev "$0/dev"
    exec chroot "$0" "$@"' "$root" "$@"
}

# Images and menu as this machine makes them.
machine_settle() {
  in_root update-initramfs -u -k all >"$work/setup.log" 2>&1 ||
    die "update-initramfs: $(tail -5 "$work/setup.log")"
  in_root update-grub >"$work/setup.log" 2>&1 || die "update-grub: $(tail -5 "$work/setup.log")"
}

pf() {
  "$pciferry" --root "$root" "$@" </dev/null
}
