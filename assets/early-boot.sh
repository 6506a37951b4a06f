#!/bin/sh
# Made by pciferry(8) from /etc/pciferry/claims; changes here are lost.
# Takes devices away from drivers that are part of the kernel, before udev starts. A
# device is named by its address, and left alone where its IDs are others.

case ${1-} in
prereqs) exit 0 ;; # none: scripts without any run in the order of their names
esac

# The way out: with pciferry.off on the kernel command line nothing is taken.
for word in $(cat /proc/cmdline); do
  case $word in
  pciferry.off | pciferry.off=*) exit 0 ;;
  esac
done

take() {
  device=/sys/bus/pci/devices/$1
  [ "$(cat "$device/vendor" 2>/dev/null)" = "$2" ] || return
  [ "$(cat "$device/device" 2>/dev/null)" = "$3" ] || return
  # Without vfio-pci the device would be left with no driver at all.
  modprobe -q vfio-pci || return
  echo vfio-pci >"$device/driver_override"
  if [ -e "$device/driver" ]; then
    echo "$1" >"$device/driver/unbind"
  fi
  echo "$1" >/sys/bus/pci/drivers_probe
}

