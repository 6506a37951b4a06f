# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2154 # $work and $disk are the script's
# A guest with an emulated IOMMU: start it, run commands in it, restart it, and what
# scenarios say about it. The script sets $work, its own directory, and $disk, the disk.

share=$work/share
qemu=
mkdir -p "$share"

# --- the guest ---

# What the guest has. Two of a kind, several functions in one slot, several slots in one
# group (behind the conventional bridge), and a driver that is built in (pci-serial).
guest_devices='
  -device intel-iommu,intremap=on,caching-mode=on,device-iotlb=on
  -device pcie-root-port,id=port1,chassis=1,addr=10.0,multifunction=on
  -device pcie-root-port,id=port2,chassis=2,addr=10.1
  -device pcie-root-port,id=port3,chassis=3,addr=10.2
  -device pcie-root-port,id=port4,chassis=4,addr=10.3
  -device pcie-root-port,id=port5,chassis=5,addr=10.4
  -device pcie-root-port,id=port6,chassis=6,addr=10.5
  -device e1000e,bus=port1
  -device e1000e,bus=port2
  -blockdev null-co,node-name=null,size=67108864
  -device nvme,bus=port3,serial=1,drive=null
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

# guest_on [QEMU-OPTION...]: switches it on and waits until it takes jobs. It dies with
# this script, however that ends.
guest_on() {
  rm -f "$share"/*
  # shellcheck disable=SC2086 # a list of words
  setpriv --pdeathsig KILL qemu-system-x86_64 -machine q35 -accel tcg,tb-size=256 \
    -cpu qemu64,vendor=GenuineIntel -m 768 -nodefaults -display none -serial "file:$work/serial" \
    $guest_devices -drive "file=$disk,format=qcow2,if=none,id=root,cache=unsafe" \
    -device virtio-blk-pci,drive=root,addr=2 \
    -virtfs "local,path=$share,mount_tag=share,security_model=none" \
    "$@" >>"$work/qemu.log" 2>&1 &
  qemu=$!
  guest_wait up 180 "switching it on"
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
  guest_wait status "${guest_seconds:-300}" "running $1"
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
  guest_wait up 240 "rebooting"
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

guest_power_cycle() {
  guest_off
  guest_on
}

# guest_boot_with WORDS: one boot with words added to the kernel command line. GRUB's
# prompt would hand over the same kernel, image and line.
guest_boot_with() {
  # shellcheck disable=SC2016 # for the guest's shell
  guest_run 'k=$(uname -r); cp "/boot/vmlinuz-$k" /run/share/vmlinuz &&
    cp "/boot/initrd.img-$k" /run/share/initrd && sed "s/BOOT_IMAGE=[^ ]* //" /proc/cmdline'
  cp "$share/vmlinuz" "$share/initrd" "$share/output" "$work"
  guest_off
  guest_on -kernel "$work/vmlinuz" -initrd "$work/initrd" -append "$(cat "$work/output") $1"
}

# --- what scenarios say ---

# Runs pciferry in the guest. A word with blanks in it is not expected.
pf() {
  guest_run "pciferry $*"
}

# begin: a guest as it comes, with pciferry in it and its state remembered.
begin() {
  guest_on
  cp "$pciferry" "$share/pciferry"
  guest_run 'install -m 755 /run/share/pciferry /usr/local/sbin/pciferry && sync'
  kernel=$(guest_run 'uname -r')
  remember start
}

# A line a device: address and the name of its driver, "-" for none.
drivers() {
  # shellcheck disable=SC2016 # for the guest's shell
  guest_run 'for d in /sys/bus/pci/devices/*; do
    l=$(readlink "$d/driver") || l=-
    echo "${d##*/} ${l##*/}"
  done'
}

# Every file with type, mode, owner and link target; then sums of what is in /etc, /boot,
# /root and /var; of what is in /usr the size and the time of the last change to it.
# Left out: what pciferry keeps, what a running system writes, what is made anew.
files() {
  # shellcheck disable=SC2016 # for the guest's shell
  guest_run '
    p="-path /var/lib/pciferry -o -path /var/log -o -path /var/lib/systemd -o -path /tmp
      -o -path /var/tmp"
    find / -xdev \( $p \) -prune -o -printf "%p %y %m %U:%G %l\n"
    find /usr -xdev ! -type d -printf "%p %s %C@\n"
    find /etc /boot /root /var -xdev \( $p -o -name "initrd.img-*" \
      -o -path /var/lib/initramfs-tools \) -prune -o -type f -exec sha256sum {} +'
}

# remember NAME: the drivers and files of now, for "same NAME".
remember() {
  drivers >"$work/$1.drivers"
  files >"$work/$1.files"
}

# same_drivers NAME, same_files NAME: as they were when remembered.
same_drivers() {
  drivers >"$work/now.drivers"
  diff "$work/$1.drivers" "$work/now.drivers"
}

same_files() {
  files >"$work/now.files"
  diff "$work/$1.files" "$work/now.files"
}

# Every line of the forecast in $work/plan, and every device there is: the same.
forecast_is_fact() {
  jq -r --arg kernel "$kernel" '.forecast[] | select(.kernel == $kernel) |
    "\(.address) \(.after // "-")"' "$work/plan" | sort >"$work/forecast"
  drivers >"$work/now.drivers"
  diff "$work/forecast" "$work/now.drivers"
}

# The forecast's idea of how things are.
forecast_knows_now() {
  jq -r --arg kernel "$kernel" '.forecast[] | select(.kernel == $kernel) |
    "\(.address) \(.now // "-")"' "$work/plan" | sort | diff - "$work/now.drivers"
}

plan_saved() {
  drivers >"$work/now.drivers"
  pf plan --json "$@" >"$work/plan"
}

# The verbs as steps: plan and apply, with the forecast kept for after the reboot.
apply() {
  check "plan $*" plan_saved "$@"
  check "the plan knows the drivers of now" forecast_knows_now
  check "apply $*" pf apply --yes "$@"
}

release() {
  check "release $*" pf release --yes "$@"
}

undo() {
  check "undo" pf undo --yes
}

reboot() {
  check "reboot" guest_reboot
}

expect_forecast() {
  check "forecast right for $(jq '[.forecast[].address] | unique | length' "$work/plan") devices" \
    forecast_is_fact
}

# last_set_is STATE
last_set_is() {
  pf history --json >"$work/history"
  cat "$work/history"
  jq -e --arg state "$1" '.sets[-1].state == $state' "$work/history"
}

# What pciferry itself says of it.
verify() {
  check "verify" pf verify
}

# expect DRIVER ADDRESS...
expect() {
  expect_driver=$1
  shift
  for expect_address; do
    check "$expect_address has $expect_driver" has_driver "$expect_address" "$expect_driver"
  done
}

has_driver() {
  drivers >"$work/now.drivers"
  grep "^$1 " "$work/now.drivers"
  grep -qx "$1 $2" "$work/now.drivers"
}

# expect_as NAME: drivers and files are what they were.
expect_as() {
  check "drivers as at $1" same_drivers "$1"
  expect_files_as "$1"
}

expect_files_as() {
  check "files as at $1" same_files "$1"
}

# One boot with these words at the loader's prompt; the next is an ordinary one again.
boot_with() {
  check "one boot with $1" guest_boot_with "$1"
}

power_cycle() {
  check "power cycle" guest_power_cycle
}
