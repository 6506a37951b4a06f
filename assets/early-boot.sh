#!/bin/sh
# Made by pciferry(8) from /etc/pciferry/claims; changes here are lost.
# Takes devices away from drivers that are part of the kernel, before udev starts. Some
# initramfs source this, others run it: so it never exits, and its names are its own.

case ${1-} in
prereqs) exit 0 ;; # initramfs-tools asks: scripts without any run in the order of their names
esac

# The way out: with pciferry.off on the kernel command line nothing is taken.
pciferry_off=
read -r pciferry_words </proc/cmdline
for pciferry_word in $pciferry_words; do
  case $pciferry_word in
  pciferry.off | pciferry.off=*) pciferry_off=yes ;;
  esac
done

# A device is named by its address, and left alone where its IDs are others.
take() { # ADDRESS VENDOR DEVICE
  pciferry_device=/sys/bus/pci/devices/$1
  [ -z "$pciferry_off" ] && [ -r "$pciferry_device/vendor" ] || return 0
  read -r pciferry_vendor <"$pciferry_device/vendor"
  read -r pciferry_id <"$pciferry_device/device"
  [ "$pciferry_vendor $pciferry_id" = "$2 $3" ] || return 0
  # Without vfio-pci the device would be left with no driver at all.
  modprobe -q vfio-pci || return 0
  echo vfio-pci >"$pciferry_device/driver_override"
  if [ -e "$pciferry_device/driver" ]; then
    echo "$1" >"$pciferry_device/driver/unbind"
  fi
  echo "$1" >/sys/bus/pci/drivers_probe
  [ -e "$pciferry_device/driver" ] && return 0
  # vfio-pci refused it, as it does where the IOMMU is off: back to its own driver.
  echo >"$pciferry_device/driver_override"
  echo "$1" >/sys/bus/pci/drivers_probe
}
