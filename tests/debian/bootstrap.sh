# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2016 # $(...) below is apt's
# Debian systems for tests/debian and tests/boot, from the packages apt is configured for.

# The Debian sources apt is configured with, as mmdebstrap wants them, and no others:
# a third party's repository has no place in the test system.
debian_sources() {
  apt-get indextargets --format 'deb $(REPO_URI) $(RELEASE) $(COMPONENT)' \
    'Created-By: Packages' 'Origin: Debian' "Architecture: $(dpkg --print-architecture)"
}

# A fresh machine has no package lists yet.
need_package_lists() {
  [ -n "$(debian_sources)" ] || { say "running apt-get update" && apt-get update -q; }
}

debian_suite() {
  apt-get indextargets --format '$(CODENAME)' 'Created-By: Packages' 'Origin: Debian' |
    head -n 1
}

# cache_key FILE...: changes with the files and the apt sources.
cache_key() {
  { cat "$@"; debian_sources; } | sha256sum | cut -c 1-12
}

# While packages are installed: documents are left out by dpkg itself, since what mmdebstrap
# puts in front of it for --dpkgopt takes half a second a package; and the images made then,
# which nobody will boot, are small.
bootstrap_begin='cd "$1" && mkdir -p etc/initramfs-tools/conf.d etc/dracut.conf.d &&
  printf "path-exclude=/usr/share/%s/*\n" doc man locale >etc/dpkg/dpkg.cfg.d/bootstrap &&
  echo MODULES=list >etc/initramfs-tools/conf.d/bootstrap &&
  printf "%s\n" "drivers+=\" ext4 \"" compress=cat >etc/dracut.conf.d/bootstrap.conf'
bootstrap_end='cd "$1" && rm etc/dpkg/dpkg.cfg.d/bootstrap etc/dracut.conf.d/bootstrap.conf \
    etc/initramfs-tools/conf.d/bootstrap &&
  for d in etc/initramfs-tools/conf.d etc/initramfs-tools etc/dracut.conf.d; do
    chroot . dpkg -S "/$d" >/dev/null 2>&1 || rmdir "$d" || exit
  done'

# A hook: of every kernel, only the modules that the file $MODULES names stay, and what they
# need. One that no kernel has is an error.
prune_modules='cd "$1" || exit
  for m in $(sed "s/#.*//" "$MODULES"); do
    found=
    for k in $(ls lib/modules); do
      ! chroot . modprobe -q -S "$k" --show-depends "$m" >>needed || found=1
    done
    [ "$found" ] || { echo "no kernel has $m" >&2; exit 1; }
  done
  sed -n "s/^insmod \([^ ]*\).*/.\1/p" needed | sort -u >keep
  find ./lib/modules/*/kernel -name "*.ko" | sort | comm -23 - keep | xargs rm
  rm needed keep
  find lib/modules -type d -empty -delete
  for k in $(ls lib/modules); do chroot . depmod "$k" || exit; done'

# debian_bootstrap OUTPUT MMDEBSTRAP-OPTION...: a Debian system of the suite apt is
# configured with, made without a loop device or network beyond the apt sources.
debian_bootstrap() {
  bootstrap_output=$1
  shift
  bootstrap_suite=$(debian_suite)
  [ -n "$bootstrap_suite" ] ||
    die "apt has no Debian sources with package lists: run apt-get update"
  mkdir -p "${bootstrap_output%/*}"
  debian_sources | mmdebstrap --mode=root --variant=minbase --quiet \
    --essential-hook="$bootstrap_begin" --customize-hook="$bootstrap_end" "$@" \
    "$bootstrap_suite" "$bootstrap_output.tmp.${bootstrap_output##*.}" - >&2
  mv "$bootstrap_output.tmp.${bootstrap_output##*.}" "$bootstrap_output"
}
