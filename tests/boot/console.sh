# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2154 # $work is the script's
# The guest's second serial line (guest_on -serial pty) as a person has it: a terminal of
# 80x24, which is a pane of tmux, with the wizard on it.

console_mux() { tmux -S "$work/tmux" -f /dev/null "$@"; }
console_screen() { console_mux capture-pane -p -t console; }

console_on() {
  console_pty=$(sed -n 's,.*redirected to \(/dev/pts/[0-9]*\).*,\1,p' "$work/qemu.log" | tail -n 1)
  console_mux new-session -d -s console -x 80 -y 24 \
    "stty raw -echo; cat $console_pty & exec cat >$console_pty"
  guest_run 'setsid -c sh -c "stty sane 115200 rows 24 cols 80; TERM=vt220 exec pciferry" \
    <>/dev/ttyS1 >&0 2>&1 &'
}

console_off() {
  console_mux kill-server
}

# keys KEY...: pressed one after the other, by tmux' names. types TEXT: typed.
keys() { console_mux send-keys -t console "$@"; }
types() { console_mux send-keys -t console -l "$1"; }

# shows TEXT [SECONDS]: a check: it is on the screen within that time.
shows() {
  check "the screen shows: $1" console_shows "$1" "${2:-60}"
}

console_shows() {
  console_limit=$(($(date +%s) + $2))
  until console_screen | grep -qF -- "$1"; do
    if [ "$(date +%s)" -ge "$console_limit" ]; then
      console_screen
      return 1
    fi
    sleep 0.3
  done
}
