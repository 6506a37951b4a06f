# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# Sourced. made_host DIR: the files of a small host, as far as pciferry needs them: GRUB,
# initramfs-tools, and a display and two cards with a group each. An installed system has no
# host files of the source's, and no program that expands them.

# pci_function DIR GROUP ADDRESS CLASS VENDOR DEVICE DRIVER: IDs in capitals, driver - for none
pci_function() {
  pci=$1/sys/devices/pci0000:00/$3
  group=$1/sys/kernel/iommu_groups/$2/devices
  driver=$1/sys/bus/pci/drivers/$7
  mkdir -p "$pci" "$group" "$driver" "$1/sys/bus/pci/devices"
  echo "0x$4" >"$pci/class"
  echo "0x$5" >"$pci/vendor"
  echo "0x$6" >"$pci/device"
  echo >"$pci/driver_override"
  ln -s "../../../devices/pci0000:00/$3" "$1/sys/bus/pci/devices/$3"
  ln -s "../../../../devices/pci0000:00/$3" "$group/$3"
  ln -s "../../../kernel/iommu_groups/$2" "$pci/iommu_group"
  [ "$7" = - ] || ln -s "../../../bus/pci/drivers/$7" "$pci/driver"
}

made_host() {
  pci_function "$1" 0 0000:00:00.0 060000 8086 1237 -
  pci_function "$1" 1 0000:00:02.0 030000 8086 0046 i915
  pci_function "$1" 2 0000:01:00.0 030000 10DE 1C03 nouveau
  pci_function "$1" 3 0000:02:00.0 040300 1102 0012 snd_hda_intel
  mkdir -p "$1/boot/grub" "$1/etc/default" "$1/etc/initramfs-tools" "$1/usr/sbin"
  : >"$1/boot/vmlinuz-6.1.0-1-amd64"
  printf 'menuentry "Debian" {\n\tlinux /boot/vmlinuz-6.1.0-1-amd64 root=/dev/sda1 ro\n}\n' \
    >"$1/boot/grub/grub.cfg"
  echo 'GRUB_CMDLINE_LINUX_DEFAULT="quiet"' >"$1/etc/default/grub"
  for tool in update-initramfs update-grub grub-mkconfig; do
    printf '#!/bin/sh\n' >"$1/usr/sbin/$tool"
    chmod +x "$1/usr/sbin/$tool"
  done
  [ -e "$1/etc/os-release" ] || echo ID=debian >"$1/etc/os-release"
}
