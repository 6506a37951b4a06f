# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2154 # $work is the script's
# What the slow tests (tests/debian, tests/boot) share. Sourced; the script has
# set -eu and, before the first check, set $work to its own temporary directory.

passed=0
failed=0

say() {
  printf '%s\n' "$*" >&2
}

die() {
  say "${0##*/}: $*"
  exit 2
}

# check NAME COMMAND...: one line; what the command said is shown when it failed. The next
# check finds it in $work/check.log.
check() {
  check_name=$1
  check_status=0
  shift
  "$@" >"$work/check.new" 2>&1 || check_status=$?
  mv "$work/check.new" "$work/check.log"
  if [ "$check_status" -eq 0 ]; then
    passed=$((passed + 1))
    echo "ok      $check_name"
  else
    failed=$((failed + 1))
    echo "FAILED  $check_name"
    tail -n 25 "$work/check.log" | sed 's/^/        | /'
  fi
}

# The last line; the script's exit status.
finish() {
  echo "$passed passed, $failed failed"
  [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
}

# exits STATUS COMMAND...: the command exits with this very status.
exits() {
  exits_want=$1
  shift
  exits_got=0
  "$@" || exits_got=$?
  [ "$exits_got" -eq "$exits_want" ] ||
    { echo "exit status $exits_got, expected $exits_want: $*"; return 1; }
}

# Installs what is missing of the packages named, saying so first.
need_packages() {
  need_missing=
  for need_package; do
    dpkg-query -W -f '${db:Status-Status}' "$need_package" 2>/dev/null |
      grep -qx installed || need_missing="$need_missing $need_package"
  done
  [ -n "$need_missing" ] || { say "nothing to install"; return 0; }
  say "installing with apt-get:$need_missing"
  # shellcheck disable=SC2086 # a list of words
  DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $need_missing
}

need_tools() {
  for need_tool; do
    command -v "$need_tool" >/dev/null 2>&1 ||
      die "$need_tool is missing: run ${0%/*}/deps"
  done
}
