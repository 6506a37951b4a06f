#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The layers, checked: who calls and includes whom, and who may change a file or start a
# program.
# HACKING.md has the reasons.
#
# usage: check-layers.sh     in a build directory, with srcdir set
set -eu
builddir=$PWD
cd "${srcdir:?is not set}"
passed=0 failed=0

verdict() { # NAME BAD-LINES
  if [ -z "$2" ]; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    printf 'FAILED: %s\n%s\n' "$1" "$2"
  fi
}

# The ladder, lowest rung first: a folder calls those below it, and none on its own rung.
ladder() {
  cat <<'EOF'
src/core/base
src/core/format
src/core/host
src/core/lifeline src/core/plan
src/core/access src/core/initramfs src/core/method
src/core/existing src/core/loader
src/core/facts
src/core/planner src/core/scan
src/core/verify src/core/export
src/core/check
src/backup src/sample
src/cli src/ui
EOF
}

# "FILE FILE SYMBOL" for each call between files of the ladder, by their objects' symbols (and
# not those that the address sanitizer adds).
find_calls() {
  (cd "$builddir" && ladder | tr ' ' '\n' | sed 's|$|/*.o|' | xargs sh -c 'nm -A $*' sh) |
    sed 's|/lib[a-z]*_a-\([^/]*\.o:\)|/\1|; s|\.o:|.c |; / __odr_asan\./d' >"$symbols"
  awk '
    NR == FNR { if ($(NF - 1) ~ /^[TDRBC]$/) home[$NF] = $1; next }
    $(NF - 1) == "U" && ($NF in home) && home[$NF] != $1 { print $1, home[$NF], $NF }
  ' "$symbols" "$symbols"
}

upward() {
  ladder | awk '
    function dir(path) { sub("/[^/]*$", "", path); return path }
    FNR == NR { for (i = 1; i <= NF; i++) rung[$i] = NR; next }
    dir($1) != dir($2) && rung[dir($2)] >= rung[dir($1)] { print $1 " calls " $3 " of " $2 }
  ' - "$calls"
}

# Two files may call each other: one walks down what the other walks down. A pair counts as
# one file here; what is left then has an order, which tsort(1) finds or not.
knots() {
  grep '^src/core/.* src/core/' "$calls" | cut -d ' ' -f 1,2 | sort -u | awk '
    { calls[$1, $2] = 1; from[NR] = $1; to[NR] = $2 }
    END {
      for (i = 1; i <= NR; i++) {
        if (!((to[i], from[i]) in calls) || from[i] > to[i])
          continue
        if ((from[i] in pair) || (to[i] in pair))
          print "more than two call each other:", from[i], to[i] >"/dev/stderr"
        pair[from[i]] = pair[to[i]] = from[i]
      }
      for (i = 1; i <= NR; i++) {
        a = (from[i] in pair) ? pair[from[i]] : from[i]
        b = (to[i] in pair) ? pair[to[i]] : to[i]
        if (a != b) print a, b
      }
    }' | { tsort >/dev/null; } 2>&1
}

# Globals that their file's own header does not declare. Beside it stand, by rule: the rows
# of a table, which the table's file declares; page_NAME of page_NAME.c (pages.def); verbs; and
# the options, in cli.h.
undeclared() {
  # shellcheck disable=SC2046 # names of ours, without blanks
  awk '
    function dir(path) { sub("/[^/]*$", "", path); return path }
    function stem(path) { sub("[.][ch]$", "", path); return path }
    function code(line, i, out) { # without comments
      for (;; comment = !comment) {
        i = index(line, comment ? "*/" : "/*")
        if (!comment) out = out substr(line, 1, i ? i - 1 : length(line))
        if (!i) return out
        line = substr(line, i + 2)
      }
    }
    function note(where, text, i, n, words) {
      n = split(text, words, "[^A-Za-z0-9_]+")
      for (i = 1; i <= n; i++)
        declared[where, words[i]] = 1
    }
    FILENAME ~ /[.][ch]$/ {
      text = code($0)
      if (FILENAME ~ /[.]h$/) note(stem(FILENAME), text)
      else if (/^extern / || rows) { rows = !/;/; note(dir(FILENAME), text) }
      next
    }
    NF < 3 || $(NF - 1) !~ /^[TDRBCV]$/ { next }
    { seen++ }
    ((stem($1), $NF) in declared) || ((dir($1), $NF) in declared) { next }
    $1 == "src/ui/" $NF ".c" && $NF ~ /^page_/ { next }
    $1 ~ "^src/cli/" && $NF ~ /^verb_/ { next }
    $1 == "src/cli/options.c" && (("src/cli/cli", $NF) in declared) { next }
    { print $NF " of " $1 " is not declared in " stem($1) ".h" }
    END { if (seen < 700) print "hardly a symbol was found: " seen + 0 }
  ' $(find src -name '*.h') src/core/*/*.c "$symbols"
}

symbols=$(mktemp) calls=$(mktemp) list=$(mktemp)
trap 'rm -f "$symbols" "$calls" "$list"' EXIT
find_calls >"$calls"
[ "$(wc -l <"$calls")" -gt 1000 ] ||
  verdict "the files of the ladder call each other" "hardly a call was found in $builddir"
ladder | tr ' ' '\n' | sed 's|$|/*.c|' | xargs sh -c 'ls $*' sh | sort >"$list"
verdict "each file has its object" "$(cut -d ' ' -f 1 "$symbols" | sort -u | comm -13 - "$list")"
verdict "no folder calls one above it or beside it" "$(upward)"
verdict "no knot of more than two files" "$(knots 2>&1)"

verdict "each header declares what its own file defines" "$(undeclared)"

# A plan reads nothing, by type: what it is made from has no way to the host.
verdict "struct host has no root handle" "$(grep -n 'struct root\>' src/core/host/*.[ch] |
  grep -v '^src/core/host/probe\.h:' || :)"
verdict "planning gets no probe" "$(grep -rn 'struct \(probe\|root\)\>' src/core/plan \
  src/core/planner src/core/method src/core/access src/core/existing src/core/facts || :)"

# Includes never point up, either: what each layer may include of ours.
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
only '#include <pci/pci.h>' src/core/scan/pcilib.c
only '#include <libkmod.h>' src/core/host/module.c
only '#include <(ncurses|curses|term)\.h>' src/ui/term.c
only '#include <jansson.h>' src/backup/manifest.c src/cli/json.c
only '#include <sha256.h>' src/backup/store.c

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
