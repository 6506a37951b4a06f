#!/bin/sh
# Puts the files of this backup set back without pciferry: from a rescue system, or from
# the shell of an initramfs. Needs cp, mv, rm, rmdir, chmod, chown, sync and sha256sum, as
# in coreutils or busybox.
#
# usage: restore.sh [--root DIR] [--yes]
#   --root DIR  the host's root directory; the one this set lies in if not given
#   --yes       do it; without it only say what would be done
#
# For one boot with the drivers the host had before, add these words to the kernel command
# line at the boot menu instead:
#   @WAY_OUT@
set -u
umask 077

die() {
  echo "restore.sh: $*" >&2
  exit 1
}

set_dir=$(cd "$(dirname "$0")" && pwd) || die "cannot enter the directory of this set"
root=$(cd "$set_dir/../../../../.." && pwd) || die "cannot enter the root directory"
yes=
while [ $# -gt 0 ]; do
  case $1 in
    --root) [ $# -gt 1 ] || die "--root needs a directory"
            root=$(cd "$2" && pwd) || die "no directory $2"
            shift ;;
    --yes) yes=1 ;;
    *) die "usage: restore.sh [--root DIR] [--yes]" ;;
  esac
  shift
done
root=${root%/}
status=0

checksum() {
  if [ -e "$1" ]; then
    sum=$(sha256sum <"$1") && echo "${sum%% *}"
  else
    echo absent
  fi
}

complain() {
  echo "LEFT ALONE: $*"
  status=1
}

# put_back BEFORE AFTER MODE UID GID PATH: sums as in restore.list, "absent" for no file
put_back() {
  target=$root$6 copy=$set_dir/before$6
  now=$(checksum "$target")
  if [ -h "$target" ]; then
    complain "$6 is a link: restore what it names by hand from $copy"
  elif [ "$now" = "$1" ]; then
    echo "already as before: $6"
  elif [ "$now" != "$2" ]; then
    complain "$6 was changed since; it was as in $copy"
  elif [ "$1" != absent ] && [ "$(checksum "$copy")" != "$1" ]; then
    complain "$copy is damaged"
  elif [ -z "$yes" ]; then
    if [ "$1" = absent ]; then echo "would remove $6"; else echo "would put back $6"; fi
  elif [ "$1" = absent ]; then
    rm -f "$target" && echo "removed $6" || complain "cannot remove $6"
  else
    cp "$copy" "$target.pciferry" && chown "$4:$5" "$target.pciferry" &&
      chmod "$3" "$target.pciferry" && mv -f "$target.pciferry" "$target" &&
      echo "put back $6" || complain "cannot write $6"
  fi
}

set -f
commands=
while IFS= read -r line; do
  rest=${line#* }
  case ${line%% *} in
    file) path=${rest#* * * * * } # a name may have blanks
          # shellcheck disable=SC2086
          put_back ${rest%"$path"} "$path" ;;
    dir) if [ -n "$yes" ]; then rmdir "$root$rest" 2>&- || :; fi ;;
    run) commands="$commands  $rest
" ;;
  esac
done <"$set_dir/restore.list" || die "cannot read $set_dir/restore.list"
sync
[ -n "$yes" ] || echo "Nothing was changed: say --yes to do it."
if [ -n "$commands" ]; then
  echo "Then run, on that host (from a rescue system: chroot $root/ first):"
  printf '%s' "$commands"
fi
exit $status
