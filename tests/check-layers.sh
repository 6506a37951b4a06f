#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The layers, checked: who includes what, and who may change a file or start a program.
# HACKING.md has the reasons.
#
# usage: check-layers.sh     in a build directory with srcdir set, or at the top
set -eu
cd "${srcdir:-.}"
passed=0 failed=0

verdict() { # NAME BAD-LINES
  if [ -z "$2" ]; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    printf 'FAILED: %s\n%s\n' "$1" "$2"
  fi
}

# Includes never point up: what each layer may include of ours.
layer() { # DIR ALLOWED-DIRS...
  dir=$1
  shift
  allowed=$(printf '%s\\|' "$@")assets\\.h
  found=$(grep -rhc '^#include "' "src/$dir" | awk '{ n += $1 } END { print n + 0 }')
  [ "$found" -gt 0 ] || { verdict "src/$dir includes nothing at all: is it there?" "$dir"; return; }
  verdict "src/$dir includes only: $*" \
    "$(grep -rn '^#include "' "src/$dir" | grep -v "\"\\($allowed\\)" || :)"
}
layer core core/
layer backup backup/ core/
layer sample sample/ core/
layer ui ui/ backup/ core/
layer cli cli/ backup/ core/

# only REGEX FILES...: it stands in these files and in no other. Each must have it, so that
# a file which moved is noticed.
only() {
  regex=$1
  shift
  wanted=$(printf '%s\n' "$@" | sort)
  verdict "only these have $regex" "$(grep -rlE "$regex" src | sort >"$list"
    printf '%s\n' "$wanted" | diff - "$list" | sed -n 's/^</not in/p; s/^>/also in/p')"
}
list=$(mktemp)
trap 'rm -f "$list"' EXIT

only '#include <pci/pci.h>' src/core/scan/pcilib.c
only '#include <libkmod.h>' src/core/host/module.c
only '#include <(ncurses|curses|term)\.h>' src/ui/term.c
only '#include <jansson.h>' src/backup/manifest.c src/cli/json.c
only '#include <sha256.h>' src/backup/set.c

# Starting programs: commands and diff; depmod for a made-up host; the demo, the work that
# must outlive the screen and the write that the kernel may keep, all three without exec.
only '\<(execve|execv|execvp|posix_spawn|posix_spawnp|system|popen) ?\(' \
  src/backup/exec.c src/sample/modules.c
only '\<fork ?\(' src/backup/sysfs.c src/backup/exec.c src/main.c src/ui/worker.c
# Reaching files by a path: root.c is the way to a host's. The others open /dev/null, the
# mount points of a child's chroot, a directory of their own, a script of keys.
only '\<(open|fopen|stat|lstat|opendir) ?\(' src/backup/exec.c src/core/base/root.c \
  src/sample/sample.c src/ui/script.c src/ui/term.c src/ui/worker.c
only 'SYS_openat2' src/core/base/root.c src/sample/tree.c
# Changing files: backup for hosts, sample for its own copies.
only '\<(renameat|rename|unlinkat|unlink|mkdirat|mkdir|fchmod|fchown|ftruncate) ?\(' \
  src/backup/atomic.c src/backup/lock.c src/sample/tree.c

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
