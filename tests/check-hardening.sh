#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What a program that root runs is to have, where this compiler can: the little program
# tests/hardening.c is built here with every flag there is, one at a time; whatever is
# then found in the binary must be in pciferry's, too.
#
# usage: tests/check-hardening.sh     in a build directory
#   PCIFERRY, HARDENED                      ./pciferry and ./tests/hardening if not set
#   CC, CPPFLAGS, CFLAGS, LDFLAGS           as the build has them: the user's own count
#   SANITIZE_FLAGS                          likewise
set -eu
top=$(cd "${srcdir:-$(dirname "$0")/..}" && pwd)
program=$(realpath "${PCIFERRY:-./pciferry}")
hardened=$(realpath "${HARDENED:-./tests/hardening}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0
LC_ALL=C
export LC_ALL

# --- what tells, each with the flags that bring it ---

flags() {
  cat <<'END'
pie            -fPIE -pie
relro          -Wl,-z,relro
now            -Wl,-z,now
protector      -fstack-protector-strong
fortify        -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2
fortify-sizes  -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3
branches       -fcf-protection
branches       -mbranch-protection=standard
stack-clash    -g -fstack-clash-protection
END
}

has_pie() {
  readelf -hW "$1" | grep -q 'Type: *DYN' && readelf -dW "$1" | grep -q 'FLAGS_1.*PIE'
}
has_relro() { readelf -lW "$1" | grep -q GNU_RELRO; }
has_now() { readelf -dW "$1" | grep -qE 'BIND_NOW|FLAGS_1.*NOW'; }
has_protector() { imports "$1" | grep -qx __stack_chk_fail; }
has_fortify() { imports "$1" | grep -qxE '__(sn?printf|vsn?printf|fprintf|printf|memcpy)_chk'; }
# Of a size that only the running program knows; told by the program made for that.
has_fortify_sizes() {
  [ "$1" = "$program" ] && set -- "$hardened"
  imports "$1" | grep -qx __memcpy_chk
}
# In the code, not in the notes: a program is marked only where the C library is built so, too.
has_branches() { objdump -d --disassemble=main "$1" | grep -qwE 'endbr(32|64)|paciasp|bti'; }
# gcc notes its flags with what is there for debuggers: no unit of C may be without.
has_stack_clash() {
  readelf --debug-dump=info --dwarf-depth=1 "$1" 2>/dev/null | grep 'producer.*GNU C[0-9]' >"$work/units" &&
    ! grep -qv -e -fstack-clash-protection "$work/units"
}

imports() {
  readelf -W --dyn-syms "$1" | awk '$7 == "UND" { sub("@.*", "", $8); print $8 }'
}

# has NAME FILE
has() {
  "has_$(echo "$1" | tr - _)" "$2"
}

# --- the compiler's own answer ---

# possible NAME FLAG...: with these and the user's flags a program gets it.
possible() {
  name=$1
  shift
  # shellcheck disable=SC2086 # lists of words
  ${CC:-cc} -O2 "$@" ${CPPFLAGS-} ${CFLAGS-} ${LDFLAGS-} -o "$work/probe" \
    "$top/tests/hardening.c" >"$work/said" 2>&1 && has "$name" "$work/probe"
}

sanitized=
case " ${SANITIZE_FLAGS-} ${CPPFLAGS-} ${CFLAGS-} " in *-fsanitize=*) sanitized=1 ;; esac

flags >"$work/flags"
while read -r name list; do
  case $sanitized,$name in
    1,fortify*) echo "not run  $name: sanitizers look after that"; continue ;;
  esac
  # shellcheck disable=SC2086 # a list of words
  if ! possible "$name" $list; then
    echo "not run  $name: nothing to be seen of it with $list"
  elif has "$name" "$program"; then
    passed=$((passed + 1))
    echo "ok       $name"
  else
    failed=$((failed + 1))
    echo "FAILED   $name: the compiler has $list, ${program##*/} is without"
  fi
done <"$work/flags"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
