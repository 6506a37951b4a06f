# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2154 # $work and $disk are the script's
# A guest with an emulated IOMMU: start it, run commands in it, restart it. The script sets
# $work, its own directory, $disk, the disk, $variant, what boots it, and $image, what disks
# are copied from.

share=$work/share
qemu=
mkdir -p "$share"

# What the guest has. Two of a kind, several functions in one slot, several slots in one
# group (behind the conventional bridge), and a driver that is built in (pci-serial). A
# scenario may change it while the guest is off.
guest_iommu='-device intel-iommu,intremap=on,caching-mode=on,device-iotlb=on'
guest_vendor=GenuineIntel
guest_devices='
  -device pcie-root-port,id=port1,chassis=1,addr=10.0,multifunction=on
  -device pcie-root-port,id=port2,chassis=2,addr=10.1
  -device pcie-root-port,id=port3,chassis=3,addr=10.2
  -device pcie-root-port,id=port4,chassis=4,addr=10.3
  -device pcie-root-port,id=port5,chassis=5,addr=10.4
  -device pcie-root-port,id=port6,chassis=6,addr=10.5
  -device e1000e,bus=port1
  -device e1000e,bus=port2
  -device nvme,bus=port3,serial=1,drive=nvme
  -device VGA,bus=port4,addr=0.0,multifunction=on
  -device intel-hda,bus=port4,addr=0.1
  -device pcie-pci-bridge,id=bridge,bus=port5
  -device rtl8139,bus=bridge,addr=1
  -device e1000,bus=bridge,addr=2
  -device nec-usb-xhci,bus=port6,addr=0.0,multifunction=on
  -device ahci,bus=port6,addr=0.1
  -device qemu-xhci,addr=5
  -device pci-serial,addr=6
  -device ich9-intel-hda,addr=1b.0'

# fresh_disk FILE: a copy of $image, on which only the changes take room.
fresh_disk() {
  qemu-img create -q -f qcow2 -b "$image" -F qcow2 "$1"
}

# UEFI, with variables of the guest's own.
guest_firmware=
if [ "$variant" = systemd-boot ]; then
  cp /usr/share/OVMF/OVMF_VARS.fd "$work/vars"
  guest_firmware="
    -drive if=pflash,format=raw,readonly=on,file=/usr/share/OVMF/OVMF_CODE.fd
    -drive if=pflash,format=raw,file=$work/vars"
fi

# guest_start [QEMU-OPTION...]: switches it on. It dies with this script, however that ends.
guest_start() {
  rm -f "$share"/*
  truncate -s 64M "$work/nvme"
  # shellcheck disable=SC2086 # lists of words
  setpriv --pdeathsig KILL qemu-system-x86_64 -machine q35 -accel tcg,tb-size=256 \
    -cpu "qemu64,vendor=$guest_vendor" -m 768 -nodefaults -display none \
    -serial "file:$work/serial" $guest_firmware $guest_iommu $guest_devices \
    -drive "file=$disk,format=qcow2,if=none,id=root,cache=unsafe" \
    -device virtio-blk-pci,drive=root,addr=2 \
    -drive "file=$work/nvme,format=raw,if=none,id=nvme,cache=unsafe" \
    -virtfs "local,path=$share,mount_tag=share,security_model=none" \
    "$@" >>"$work/qemu.log" 2>&1 &
  qemu=$!
}

# The same, and waits until it takes jobs.
guest_on() {
  guest_start "$@"
  guest_wait up 900 "switching it on"
}

# guest_wait FILE SECONDS DOING: until the guest has put the file into the share.
guest_wait() {
  guest_limit=$(($(date +%s) + $2))
  until [ -e "$share/$1" ]; do
    kill -0 "$qemu" 2>/dev/null || guest_lost "QEMU ended while $3"
    [ "$(date +%s)" -lt "$guest_limit" ] || guest_lost "$3 took more than $2 s"
    sleep 0.2
  done
}

guest_lost() {
  say "the last lines of the guest's console:"
  tail -n 30 "$work/serial" | sed 's/\x1b\[[0-9;]*[a-zA-Z]//g' >&2
  tail -n 5 "$work/qemu.log" >&2
  die "$1"
}

# guest_run COMMAND: a line of shell in the guest; its output and its exit status.
guest_run() {
  rm -f "$share/status" "$share/output"
  printf '%s\n' "$1" >"$share/job.new"
  mv "$share/job.new" "$share/job"
  guest_wait status "${guest_seconds:-900}" "running $1"
  cat "$share/output"
  return "$(cat "$share/status")"
}

# Asks for something that the job does not live to report.
guest_ask() {
  printf '%s\n' "$1" >"$share/job.new"
  mv "$share/job.new" "$share/job"
}

guest_reboot() {
  rm -f "$share/up"
  guest_ask 'systemctl --no-block reboot'
  guest_wait up 900 "rebooting"
}

guest_off() {
  guest_ask 'systemctl --no-block poweroff'
  guest_limit=$(($(date +%s) + 120))
  while kill -0 "$qemu" 2>/dev/null; do
    [ "$(date +%s)" -lt "$guest_limit" ] || guest_lost "switching it off took more than 120 s"
    sleep 0.2
  done
  qemu=
}

# As when the power fails.
guest_kill() {
  [ -z "$qemu" ] || kill -KILL "$qemu" 2>/dev/null || :
  [ -z "$qemu" ] || wait "$qemu" 2>/dev/null || :
  qemu=
}

# guest_says PATTERN SECONDS: until the console shows a line that matches.
guest_says() {
  guest_limit=$(($(date +%s) + $2))
  until grep -qaE "$1" "$work/serial"; do
    kill -0 "$qemu" 2>/dev/null || guest_lost "QEMU ended"
    [ "$(date +%s)" -lt "$guest_limit" ] || guest_lost "not on its console after $2 s: $1"
    sleep 0.5
  done
  grep -aE "$1" "$work/serial"
}

guest_power_cycle() {
  guest_off
  guest_on
}

# Its kernel, initramfs and command line, to be started without its boot loader.
guest_keep_kernel() {
  # shellcheck disable=SC2016 # for the guest's shell
  guest_run 'k=$(uname -r); cp "/boot/vmlinuz-$k" /run/share/vmlinuz &&
    cp "/boot/initrd.img-$k" /run/share/initrd &&
    sed -E "s/(BOOT_IMAGE|initrd)=[^ ]* //" /proc/cmdline >/run/share/words'
  cp "$share/vmlinuz" "$share/initrd" "$share/words" "$work"
}

# guest_boot_with WORDS: one boot with words added to the kernel command line. The loader's
# prompt would hand over the same kernel, image and line.
guest_boot_with() {
  guest_keep_kernel
  guest_off
  guest_on -kernel "$work/vmlinuz" -initrd "$work/initrd" -append "$(cat "$work/words") $1"
}

# A rescue system, started with the kernel kept before: a guest as it comes, with the host's
# disk beside its own. Both disks have the same UUIDs.
guest_rescue_on() {
  guest_host=$disk
  disk=$work/rescue
  fresh_disk "$disk"
  part=1
  [ "$variant" != systemd-boot ] || part=2
  guest_on -kernel "$work/vmlinuz" -initrd "$work/initrd" \
    -append "$(sed "s,root=[^ ]*,root=/dev/vda$part," "$work/words")" \
    -drive "file=$guest_host,format=qcow2,if=none,id=host,cache=unsafe" \
    -device virtio-blk-pci,drive=host,addr=3
  guest_run "mount /dev/vdb$part /mnt &&
    { [ $part -eq 1 ] || mount /dev/vdb1 /mnt/boot/efi; } &&
    for d in dev proc sys; do mount --rbind /\$d /mnt/\$d || exit 1; done"
}

guest_rescue_off() {
  guest_off
  rm "$disk"
  disk=$guest_host
}
