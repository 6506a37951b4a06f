#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What bash, zsh and fish offer after "pciferry", asked of the shells themselves, against
# --help and against a fake host. A shell that is not installed is not asked, and named.
#
# usage: tests/check-completions.sh     in a build directory, or with all of these set:
#   PCIFERRY                    ./pciferry if not set
#   BASH_FILE, ZSH_DIR, FISH_FILE   the completions, if they are not where the build has them
set -eu
top=$(cd "${srcdir:-$(dirname "$0")/..}" && pwd)
program=$(realpath "${PCIFERRY:-./pciferry}")
bash_file=$(realpath "${BASH_FILE:-doc/completion/pciferry}")
zsh_dir=$(realpath "${ZSH_DIR:-doc/completion}")
fish_file=$(realpath "${FISH_FILE:-doc/completion/pciferry.fish}")
. "$top/debian/tests/host.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0
mkdir "$work/bin" "$work/home"
ln -s "$program" "$work/bin/pciferry"
PATH=$work/bin:$PATH
HOME=$work/home
LC_ALL=C.UTF-8
export PATH HOME LC_ALL

check() {
  what=$1
  shift
  if "$@" >"$work/said" 2>&1; then
    passed=$((passed + 1))
    echo "ok       $what"
  else
    failed=$((failed + 1))
    echo "FAILED   $what"
    sed 's/^/         | /' "$work/said"
  fi
}

# --- what a shell offers after a line, a word a line ---

offers_bash() {
  bash --norc --noprofile -c '. "$1" && COMP_LINE=$2 COMP_POINT=${#2} && _pciferry &&
    printf "%s\n" "${COMPREPLY[@]}"' bash "$bash_file" "$1"
}

offers_fish() {
  fish --no-config -c 'set -g fish_complete_path; source $argv[1]; complete -C $argv[2]' \
    "$fish_file" "$1" | cut -f 1
}

# zsh completes in a terminal only, so it gets one; what is handed to compadd is printed
# between two marks.
offers_zsh() {
  timeout 60 zsh -f "$work/ask.zsh" "$zsh_dir" "$work/dump" "$1" | tr -d '\r' |
    awk '/@@ANSWER/ { on = !on; next } on && NF'
}

cat >"$work/ask.zsh" <<'END'
zmodload zsh/zpty
zpty asked zsh -f -i
zpty -w asked "PROMPT= fpath=(${(q)1} \$fpath); autoload compinit; compinit -u -d ${(q)2}
compadd() {
  [[ \${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]] && { builtin compadd \"\$@\"; return }
  local -a hits; builtin compadd -O hits \"\$@\"
  (( \$#hits )) && print -rl -- \$hits
}
mark() { print; print @@ANSWER }
compprefuncs=(mark) comppostfuncs=(mark exit)
bindkey '^I' complete-word; print @@READY''"
while zpty -r asked line; do [[ $line == *@@READY[[:space:]]# || $line == @@READY* ]] && break; done
zpty -n -w asked "$3"$'\t'
while zpty -r asked line; do print -rn -- "$line"; done
END

# --- what it must be ---

help_words() {
  "$program" --help | awk -v section="$1:" '
    $0 == section { on = 1; next }
    /^[^ ]/ || /^$/ { on = 0 }
    on { print $1 }'
}

help_words Verbs >"$work/verbs"
help_words Options >"$work/options"
{ echo auto; help_words Methods; } >"$work/methods"
sed -n 's/^\t{ "\([a-z]*\)", trace_.*/\1/p' "$top/src/core/lifeline/lifelines.c" >"$work/lifelines"
printf '%s\n' console collateral unknown >>"$work/lifelines"
host=$work/host
made_host "$host"
"$program" --root "$host" apply --yes --no-run 01:00.0 >/dev/null
for device in "$host"/sys/bus/pci/devices/*; do
  grep -q ^0x06 "$device/class" || echo "${device##*/}"
done >"$work/devices"
echo 0000:01:00.0 >"$work/claimed"
echo 0001 >"$work/sets"
printf '%s\n' 0001 oldest >"$work/prunable"
{ help_words Formats; cat "$work/devices"; } >"$work/exported"

# offers SHELL LIST LINE: just that, in any order
offers() {
  "offers_$1" "$3" | sed 's/[[:space:]]*$//' | sort -u >"$work/offered"
  sort -u "$work/$2" >"$work/wanted"
  [ -s "$work/wanted" ] || { echo "$2: nothing to compare with"; return 1; }
  diff --label "wanted" --label "offered" -u "$work/wanted" "$work/offered"
}

for shell in bash zsh fish; do
  if ! command -v $shell >/dev/null; then
    echo "not run  $shell: it is not installed"
    continue
  fi
  check "$shell: the verbs" offers $shell verbs 'pciferry '
  check "$shell: the verbs after an option and its value" offers $shell verbs \
    "pciferry --root $host --yes "
  check "$shell: the options" offers $shell options 'pciferry --'
  check "$shell: the methods" offers $shell methods 'pciferry plan --method '
  check "$shell: what can be accepted" offers $shell lifelines 'pciferry apply --accept '
  check "$shell: devices, without bridges" offers $shell devices "pciferry --root $host plan "
  check "$shell: formats and devices" offers $shell exported "pciferry --root $host export "
  check "$shell: release knows the claims" offers $shell claimed \
    "pciferry --root $host release "
  check "$shell: undo knows the sets" offers $shell sets "pciferry --root $host undo "
  check "$shell: prune knows \"oldest\", too" offers $shell prunable \
    "pciferry --root $host prune "
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
