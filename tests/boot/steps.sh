# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2154 # $work and the like are the script's
# What scenarios say. Each step is a line in the log, passed or failed.

# Runs pciferry in the guest. A word with blanks in it is not expected.
pf() {
  guest_run "pciferry $*"
}

# guest_has NAME FILE: a program of that name in the guest.
guest_has() {
  cp "$2" "$share/program"
  guest_run "install -m 755 /run/share/program /usr/local/sbin/$1 && sync"
}

# begin [QEMU-OPTION...]: a guest as it comes, with pciferry in it and its state remembered.
begin() {
  guest_on "$@"
  guest_has pciferry "$pciferry"
  kernel=$(guest_run 'uname -r')
  remember start
  check "list shows every device with its driver" list_is_fact start
  check "check finds the host ready" check_ready
}

# list_is_fact NAME: as it was when remembered.
list_is_fact() {
  pf list --json >"$work/list"
  jq -r '(.groups[].devices[], .ungrouped[]) | "\(.address) \(.driver // "-")"' "$work/list" |
    sort | diff "$work/$1.drivers" -
}

check_ready() {
  pf check --json >"$work/ready"
  cat "$work/ready"
  jq -e .ready "$work/ready"
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
# /root and /var, and of the modules' indexes, which kernel-install makes anew; of what else
# is in /usr the size and the time of the last change to it.
# Left out: what pciferry keeps, what a running system writes, what is made anew.
files() {
  # shellcheck disable=SC2016 # for the guest's shell
  guest_run '
    p="-path /var/lib/pciferry -o -path /var/log -o -path /var/lib/systemd -o -path /tmp
      -o -path /var/tmp"
    esp=$(ls -d /boot/efi 2>/dev/null)
    { find / $esp -xdev \( $p \) -prune -o -printf "%p %y %m %U:%G %l\n"
    find /usr -xdev ! -type d ! -path "/usr/lib/modules/*/modules.*" -printf "%p %s %C@\n"
    find /etc /boot $esp /root /var /usr/lib/modules/*/modules.* -xdev \( $p -o -name "initrd.img-*" \
      -o -path /var/lib/initramfs-tools \) -prune -o -type f -exec sha256sum {} +; } |
      sort'
}

# remember NAME: the drivers and files of now, for "same NAME".
remember() {
  drivers >"$work/$1.drivers"
  files >"$work/$1.files"
}

# same_drivers NAME [BUT-FOR], same_files NAME: as they were when remembered.
same_drivers() {
  grep -v "^${2:-none} " "$work/$1.drivers" >"$work/then.drivers"
  drivers | grep -v "^${2:-none} " >"$work/now.drivers"
  diff "$work/then.drivers" "$work/now.drivers"
}

same_files() {
  files >"$work/now.files"
  diff "$work/$1.files" "$work/now.files"
}

# forecast_says now|after: every line of the forecast in $work/plan for the kernel that runs.
forecast_says() {
  jq -r --arg kernel "$kernel" --arg when "$1" '.forecast[] |
    select(.kernel == $kernel) | "\(.address) \(.[$when] // "-")"' "$work/plan" | sort
}

# Every line of the forecast, and every device there is: the same.
forecast_is_fact() {
  forecast_says after >"$work/forecast"
  drivers >"$work/now.drivers"
  diff "$work/forecast" "$work/now.drivers"
}

# plan_saved VERB WORDS: the plan of apply or release, in $work/plan. It knows how things are.
plan_saved() {
  drivers >"$work/now.drivers"
  pf "$@" --json >"$work/plan" || [ $? -le 3 ] || return 1
  forecast_says now | diff - "$work/now.drivers"
}

# refused WORDS: pciferry says no.
refused() {
  exits 3 pf "$@"
}

# verify_fails TEXT: it is not as expected, and the reason is told.
verify_fails() {
  exits 4 pf verify >"$work/verify"
  cat "$work/verify"
  grep -q "$1" "$work/verify"
}

# The verbs as steps; the forecast is kept for after the reboot. Without --yes the other two
# verbs show the same plan, and exit with 2.
apply() {
  check "the plan of apply $*" plan_saved plan "$@"
  check "apply $*" pf apply --yes "$@"
}

# prepare WORDS: as apply, but the commands are left to the next apply.
prepare() {
  check "apply --no-run $*" pf apply --yes --no-run "$@"
}

release() {
  check "the plan of release $*" plan_saved release "$@"
  check "release $*" pf release --yes "$@"
}

undo() {
  check "undo" pf undo --yes
}

# As undo, but the commands are left to the next.
undo_prepared() {
  check "undo --no-run" pf undo --yes --no-run
}

reboot() {
  check "reboot" guest_reboot
}

expect_forecast() {
  # tests/boot/run counts these.
  check "forecast right for $(forecast_says after | wc -l) devices" forecast_is_fact
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

# expect_finding SEVERITY NAME: the last plan says so.
expect_finding() {
  check "the plan says $1 $2" jq -e --arg severity "$1" --arg name "$2" \
    'any(.findings[]; .severity == $severity and .name == $name)' "$work/plan"
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

# --- a host that does not come up ---

# The initramfs finds no root disk: each generator says it in its own words.
boot_fails() {
  check "switched off" guest_off
  guest_start
  check "the next boot finds no root disk" guest_says \
    'Gave up waiting for root|Timed out waiting for device|dracut-initqueue.* timeout' 600
  guest_kill
}

rescue_on() {
  check "a rescue system is up" guest_rescue_on
}

rescue_off() {
  check "the rescue system is off" guest_rescue_off
}
