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

# debian_bootstrap OUTPUT MMDEBSTRAP-OPTION...: a Debian system of the suite apt is
# configured with, made without a loop device or network beyond the apt sources.
debian_bootstrap() {
  bootstrap_output=$1
  shift
  bootstrap_suite=$(debian_suite)
  [ -n "$bootstrap_suite" ] ||
    die "apt has no Debian sources with package lists: run apt-get update"
  mkdir -p "${bootstrap_output%/*}"
  debian_sources | mmdebstrap --mode=root --variant=minbase --quiet "$@" \
    "$bootstrap_suite" "$bootstrap_output.tmp.${bootstrap_output##*.}" - >&2
  mv "$bootstrap_output.tmp.${bootstrap_output##*.}" "$bootstrap_output"
}
