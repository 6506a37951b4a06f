#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What is written about pciferry against what pciferry is: --help, the manual page, the
# bash completion and the wizard's keys name the same things, and the texts name only files
# and commands that exist.
#
# usage: tests/check-docs.sh     in a build directory
#   PCIFERRY, EXPAND_HOST, MANPAGE, COMPLETION
#       ./pciferry, ./expand-host, ./doc/pciferry.8 and ./doc/completion/pciferry if not set
set -eu
top=$(cd "${srcdir:-$(dirname "$0")/..}" && pwd)
program=$(realpath "${PCIFERRY:-./pciferry}")
expand=$(realpath "${EXPAND_HOST:-./expand-host}")
page=$(realpath "${MANPAGE:-./doc/pciferry.8}")
keys=$(realpath ./mankeys)
words=$(realpath ./words)
completion=$(realpath "${COMPLETION:-./doc/completion/pciferry}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0
LC_ALL=C.UTF-8
export LC_ALL

check() {
  what=$1
  shift
  if "$@" >"$work/said" 2>&1; then
    passed=$((passed + 1))
    echo "ok      $what"
  else
    failed=$((failed + 1))
    echo "FAILED  $what"
    sed 's/^/        | /' "$work/said"
  fi
}

# equal A B: two lists, in any order, neither of them empty.
equal() {
  sort -u "$work/$1" >"$work/a"
  sort -u "$work/$2" >"$work/b"
  [ -s "$work/a" ] || { echo "$1: nothing found"; return 1; }
  diff --label "$1" --label "$2" -u "$work/a" "$work/b"
}

# within A B: every line of A is in B; A is not empty.
within() {
  [ -s "$work/$1" ] || { echo "$1: nothing found"; return 1; }
  if grep -vxF -f "$work/$2" "$work/$1"; then
    echo "  in $1, but not in $2"
    return 1
  fi
}

# help SECTION: the first words in a section of --help.
help_words() {
  "$program" --help | awk -v section="$1:" '
    $0 == section { on = 1; next }
    /^[^ ]/ || /^$/ { on = 0 }
    on { print $1 }'
}

# man_section TITLE: the lines of a section of the page.
man_section() {
  awk -v title=".SH $1" '
    $0 == title { on = 1; next }
    /^\.SH/ { on = 0 }
    on' "$page"
}

# man_words SECTION: the first words of its .TP entries.
man_words() {
  man_section "$1" | awk '
    tagged { word = $2; gsub(/\\-/, "-", word); print word }
    { tagged = $0 == ".TP" }'
}

# completes TEXT: what the completion offers after it.
completes() {
  bash -c '. "$1" && COMP_LINE=$2 COMP_POINT=${#2} && _pciferry &&
    printf "%s\n" "${COMPREPLY[@]}"' bash "$completion" "$1"
}

# Long options in a text, as they stand in it.
long_options() {
  sed 's/\\-/-/g' "$@" | grep -oE -- '(^|[^[:alnum:]-])--[a-z][a-z-]*' |
    grep -oE -- '--[a-z-]*' | sort -u
}

help_words Verbs >"$work/help-verbs"
help_words Options >"$work/help-options"
help_words Methods >"$work/help-methods"
help_words Formats >"$work/help-formats"
{ echo auto; cat "$work/help-methods"; } >"$work/methods-and-auto"
for list in verbs options methods formats; do
  man_words "$(echo $list | tr '[:lower:]' '[:upper:]')" >"$work/man-$list"
  check "manual page: the $list of --help" equal "help-$list" "man-$list"
done

completes 'pciferry ' >"$work/completion-verbs"
completes 'pciferry --' >"$work/completion-options"
completes 'pciferry --method ' >"$work/completion-methods"
check "completion: the verbs of --help" equal help-verbs completion-verbs
check "completion: the options of --help" equal help-options completion-options
check "completion: the methods of --help, and auto" equal methods-and-auto completion-methods
completes 'pciferry export ' | grep -v : >"$work/completion-formats"
check "completion: the formats of --help" equal help-formats completion-formats

# Each verb's own options: its --help, the completion, the synopsis.
"$words" >"$work/words"
awk -F '\t' '$1 == "verb" && $2' "$work/words" | cut -f 2 >"$work/verbs"
check "words: the verbs of --help" equal help-verbs verbs
man_synopsis() { # VERB: its options, without those that every verb has
  man_section SYNOPSIS | awk -v verb="\"pciferry $1\"" '
    $1 == ".SY" { on = substr($0, 5) == verb }
    on && $1 == ".OP" { gsub(/\\-/, "-", $2); print $2 }'
}
verb_options() { # VERB
  "$program" "$1" --help | awk '/^Options:/ { on = 1; next } /^$/ { on = 0 } on { print $1 }'
}
verb_options list >"$work/options-of-list"
while read -r verb; do
  verb_options "$verb" >"$work/options-of-$verb"
  completes "pciferry $verb --" >"$work/completion-of-$verb"
  check "completion: the options of $verb" equal "options-of-$verb" "completion-of-$verb"
  { man_synopsis "$verb"; cat "$work/options-of-list"; } >"$work/synopsis-of-$verb"
  check "manual page: the options of $verb" equal "options-of-$verb" "synopsis-of-$verb"
done <"$work/verbs"

awk -F '\t' '$1 == "finding" { print $2 }' "$work/words" >"$work/findings"
man_words FINDINGS >"$work/man-findings"
check "manual page: the findings of the table" equal findings man-findings
# Each row is said by some code; a lifeline's is found by the lifeline's name.
sed -n 's/^FINDING(\([A-Z_]*\),.*/FOUND_\1/p' "$top/src/core/plan/findings.def" |
  grep -v '^FOUND_LIFELINE_[^C]' >"$work/ids"
grep -rhowE 'FOUND_[A-Z_]+' "$top"/src --include='*.c' | sort -u >"$work/said-ids"
check "findings: each is said somewhere" within ids said-ids

sed -n 's/^\t{ "\([a-z]*\)", trace_.*/\1/p' "$top/src/core/lifeline/lifelines.c" >"$work/lifelines"
echo console >>"$work/lifelines" # of plan/console.c: no screen and no way in is left
man_words LIFELINES >"$work/man-lifelines"
completes 'pciferry --accept ' >"$work/completion-lifelines"
check "manual page: the lifelines of the table" equal lifelines man-lifelines
{ cat "$work/lifelines"; printf '%s\n' collateral unknown; } >"$work/acceptable"
check "completion: what can be accepted" equal acceptable completion-lifelines

long_options "$page" >"$work/options-in-the-page"
check "manual page: names no other option" within options-in-the-page help-options
grep pciferry "$top/README.md" | long_options >"$work/options-in-the-readme"
check "README: names no other option" within options-in-the-readme help-options
grep -oE '(^    |`)(sudo )?pciferry (--root [^ ]+ )?[a-z]+' "$top/README.md" |
  sed 's/.* //' >"$work/verbs-in-the-readme"
check "README: names no other verb" within verbs-in-the-readme help-verbs

"$keys" >"$work/wizard-keys"
man_section KEYS | sed -n '/^\.SS/,$p' >"$work/man-keys"
same_keys() { [ -s "$work/wizard-keys" ] && diff -u "$work/wizard-keys" "$work/man-keys"; }
check "manual page: the keys of the wizard" same_keys
named_version() {
  version=$("$program" --version) && grep -F "\"$version\"" "$page" && ! grep -n '@[A-Z]*@' "$page"
}
check "manual page: the version, and nothing left to fill in" named_version
if command -v groff >/dev/null; then
  clean() { groff -man -ww -z -Tutf8 "$page" && [ ! -s "$work/said" ]; }
  check "manual page: groff has nothing to say" clean
fi

# What each verb prints with --json; statuses 3 and 4 only say that not all is well.
"$expand" "$top/assets/sample/desktop.host" "$work/host"
"$program" --root "$work/host" apply --yes 01:00.0 >"$work/applied" 2>&1 || cat "$work/applied"
mkdir -p "$work/host/etc/network"
echo auto enp99s0 >"$work/host/etc/network/interfaces" # a card that has another name now
for verb in list check 'plan 04:00.0 00:02.0' 'bind 04:00.0' 'export qemu 04:00.0' history verify 'undo --yes'; do
  # shellcheck disable=SC2086 # a verb and its argument
  "$program" --root "$work/host" $verb --json </dev/null || [ $? -ge 3 ]
done >"$work/json"
grep -oE '^ *"[a-z_]+":' "$work/json" | tr -d ' :' | sort -u >"$work/json-names"
man_section 'JSON OUTPUT' | grep -oE '"[a-z_]+"' | sort -u >"$work/man-json-names"
check "manual page: the names in JSON" equal json-names man-json-names

executable() {
  for script in try test; do
    if ! grep -F "scripts/$script" "$top/README.md" || [ ! -x "$top/scripts/$script" ]; then
      echo "not there: scripts/$script"
      return 1
    fi
  done
}
check "README: its two commands are there" executable

# Paths in the texts: links, and whatever looks like a file of the tree.
for text in README HACKING; do
  {
    grep -oE '\]\([^)#:]+\)' "$top/$text.md" | sed 's/^](//; s/)$//' || :
    grep -oE '(^|[ `(])(src|doc|tests|scripts|assets|\.ci)/[A-Za-z0-9_./-]*[A-Za-z0-9_]' \
      "$top/$text.md" | sed 's/^[ `(]//' || :
  } | sort -u >"$work/paths"
  exist() {
    [ -s "$work/paths" ] || { echo "no path found"; return 1; }
    while read -r path; do
      [ -e "$top/$path" ] || echo "not there: $path"
    done <"$work/paths" >"$work/lost"
    cat "$work/lost"
    [ ! -s "$work/lost" ]
  }
  check "$text: the files it names exist" exist
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
