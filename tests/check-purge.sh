#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# When the package is purged: the claims and the backup sets go where nothing is in force,
# and stay, to the last byte, where something is or could be. debian/pciferry.postrm is run
# as dpkg runs it, on trees that pciferry has worked on.
#
# usage: tests/check-purge.sh     in a build directory
#   PCIFERRY   ./pciferry if not set
set -eu
top=$(cd "${srcdir:-$(dirname "$0")/..}" && pwd)
program=$(realpath "${PCIFERRY:-./pciferry}")
postrm=$top/debian/pciferry.postrm
. "$top/debian/tests/host.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0
LC_ALL=C
export LC_ALL
root=$work/host
sets=$root/var/lib/pciferry/sets
claims=$root/etc/pciferry/claims

fail() {
  failed=$((failed + 1))
  echo "FAILED   $1: $2"
  sed 's/^/         | /' "$work/said"
}

inventory() {
  (cd "$root" && find . -type f -exec sha256sum {} + && find . ! -type f) | sort
}

maintainer() {
  DPKG_ROOT=$root sh "$postrm" "$1" >"$work/said" 2>&1
}

# outcome WHAT gone|kept [WORDS]: of a removal and a purge of $root as it is now. Kept says
# what, in these words, and how to put it back; gone says nothing.
outcome() {
  inventory >"$work/before"
  if ! maintainer remove || ! inventory | cmp -s - "$work/before"; then
    fail "$1" "the removal failed, or changed something"
    return
  fi
  cp "$work/said" "$work/said-remove"
  maintainer purge || { fail "$1" "the purge failed"; return; }
  case $2 in
    gone)
      if [ -e "$root/etc/pciferry" ] || [ -e "$root/var/lib/pciferry" ] ||
        [ -s "$work/said" ] || [ -s "$work/said-remove" ]; then
        fail "$1" "something stays, or something is said"
        return
      fi
      grep -v -e '\./etc/pciferry' -e '\./var/lib/pciferry' "$work/before" >"$work/others" || :
      inventory | cmp -s - "$work/others" ||
        { fail "$1" "it is not just these two directories that went"; return; } ;;
    kept)
      inventory | cmp -s - "$work/before" || { fail "$1" "not all was kept"; return; }
      for said in said said-remove; do
        grep -qF "$3" "$work/$said" && grep -q 'pciferry undo' "$work/$said" ||
          { fail "$1" "$said does not say \"$3\" and what to do"; return; }
      done ;;
  esac
  passed=$((passed + 1))
  echo "ok       $1: $2"
}

made_host "$work/new"

fresh() {
  rm -rf "$root"
  cp -a "$work/new" "$root"
}

pf() {
  "$program" --root "$root" "$@" --yes --no-run >"$work/said" 2>&1 ||
    { cat "$work/said"; exit 1; }
}

# state N WORD: as a set that was cut short, or put back, has it.
state() {
  sed -i 's/^  "state": "[a-z-]*"/  "state": "'"$2"'"/' "$sets/$1/manifest.json"
  grep -q '"state": "'"$2"'"' "$sets/$1/manifest.json"
}

# Nothing but sets: what their manifests say is all there is.
only_sets() {
  find "$root/etc" -name '*pciferry*' ! -path "$root/etc" -prune -exec rm -r {} +
}

# moved BOOT: a set that only moved devices, in that boot
moved() {
  sed -i -e 's/^  "boot_id": .*/  "boot_id": '"$1"',/' \
    -e '/^  "files": \[$/,/^  \],/c\  "files": [],' "$sets/0001/manifest.json"
  grep -q '^  "files": \[\],' "$sets/0001/manifest.json"
}

# --- a life with pciferry ---

fresh && outcome "never used" gone
fresh && pf apply 01:00.0 && outcome "applied" kept "set 0001"
pf undo && outcome "applied, kept at a purge, undone" gone
fresh && pf apply 01:00.0 && outcome "claims" kept "/etc/pciferry/claims"
only_sets && outcome "a set alone" kept "set 0001"
fresh && pf apply 01:00.0 && rm -r "${root:?}/var" && rm "$claims"
outcome "files of ours alone" kept "/etc/modprobe.d/pciferry.conf"
fresh && pf apply 01:00.0 && pf undo && pf undo 2 && outcome "done again" kept "set 0001"
only_sets && outcome "done again, by the sets alone" kept "set 0001"
fresh && pf apply 01:00.0 && pf undo && pf undo 2 && pf undo 3 && outcome "undone twice" gone
fresh && pf apply 01:00.0 && pf apply 02:00.0 && pf undo && outcome "one of two undone" kept "set 0001"
only_sets && outcome "one of two undone, by the sets alone" kept "set 0001"
fresh && pf apply 01:00.0 && pf release 01:00.0
only_sets && outcome "released, which is a set itself" kept "set 0002"

# --- cut short, put back, broken ---

for word in prepared written rebuilt; do
  fresh && pf apply 01:00.0 && state 0001 $word && only_sets
  outcome "a set that is $word" kept "set 0001, which was cut short"
done
fresh && pf apply 01:00.0 && pf undo && state 0002 written
outcome "an undo that was cut short" kept "set 0002, which was cut short"
fresh && pf apply 01:00.0 && state 0001 rolled-back && only_sets && outcome "rolled back" gone
fresh && pf apply 01:00.0 && pf undo && state 0002 rolled-back
outcome "an undo that was rolled back" kept "set 0001"
fresh && pf apply 01:00.0 && only_sets && state 0001 tried
outcome "a state of later versions" kept "set 0001"
fresh && pf apply 01:00.0 && only_sets && : >"$sets/0001/manifest.json"
outcome "an empty manifest" kept "set 0001, which is damaged"
fresh && pf apply 01:00.0 && only_sets && rm "$sets/0001/manifest.json"
outcome "a set without a manifest" kept "set 0001, which is damaged"
fresh && pf apply 01:00.0 && pf undo && sed -i '/^  "undoes"/d' "$sets/0002/manifest.json"
outcome "an undo of nobody knows what" kept "set 0002, which is damaged"
fresh && pf apply 01:00.0 && pf undo && tr -d '\n' <"$sets/0001/manifest.json" >"$work/line" &&
  cp "$work/line" "$sets/0001/manifest.json"
outcome "a manifest that others wrote anew" kept "set 0001, which is damaged"
fresh && mkdir -p "$sets/0001/before" && outcome "a set that never became one" gone
fresh && mkdir -p "$sets/0001.pruned" && outcome "left by a pruning" gone
fresh && mkdir -p "${sets%/*}" && : >"$sets" && outcome "sets in no directory" kept "$(basename "$sets")"

# --- claims by hand ---

fresh && mkdir -p "$root/etc/pciferry" && printf '# none\n\n  # more\n' >"$claims"
outcome "comments only" gone
fresh && mkdir -p "$root/etc/pciferry" && printf '# one\n 01:00.0 auto' >"$claims"
outcome "a line by hand" kept "/etc/pciferry/claims"
fresh && mkdir -p "$claims" && outcome "claims that are a directory" kept "/etc/pciferry/claims"
fresh && mkdir -p "$root/etc/pciferry" && ln -s nowhere "$claims"
outcome "claims that lead nowhere" kept "/etc/pciferry/claims"

# --- moved without a reboot ---

boot=$root/proc/sys/kernel/random/boot_id
for now in '"this"' '"that"' null; do
  fresh && pf apply 01:00.0 && only_sets && moved "$now" && mkdir -p "${boot%/*}" && echo this >"$boot"
  case $now in
    '"that"') outcome "moved in another boot" gone ;;
    *) outcome "moved in boot $now" kept "set 0001" ;;
  esac
done
fresh && pf apply 01:00.0 && only_sets && moved '"that"' && rm -f "$boot"
outcome "moved, and the boot is not known" kept "set 0001"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
