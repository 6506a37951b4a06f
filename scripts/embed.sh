#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Turns the texts under assets/ into C strings, so that the program needs no file of its
# own on a rescue disk: assets/sample/desktop.host becomes asset_sample_desktop_host[],
# and the row "sample/desktop.host" of assets[].
#
# usage: embed.sh header|source TOP FILE...     FILE is assets/..., below the directory TOP
set -eu
LC_ALL=C
export LC_ALL

# A text file as string literals, one a line.
literals() {
  sed -e 's/[\\"]/\\&/g' -e 's/^/	"/' -e 's/$/\\n"/' "$1"
}

identifier() {
  printf 'asset_%s' "${1#assets/}" | tr -c 'A-Za-z0-9_' _
}

header() {
  echo '#pragma once'
  echo '/* A text of assets/ by its path there; the last row has no name. */'
  echo 'struct asset {'
  echo '	const char *name;'
  echo '	const char *text;'
  echo '};'
  echo 'extern const struct asset assets[];'
  for file; do
    echo "extern const char $(identifier "$file")[];"
  done
}

source_text() {
  echo '#include "assets.h"'
  echo '#include <stddef.h>'
  for file; do
    echo "const char $(identifier "$file")[] ="
    literals "$top/$file"
    echo '	"";'
  done
  echo 'const struct asset assets[] = {'
  for file; do
    echo "	{ \"${file#assets/}\", $(identifier "$file") },"
  done
  echo '	{ NULL, NULL },'
  echo '};'
}

kind=$1 top=$2
shift 2
echo '/* Made by scripts/embed.sh: change the files under assets/ instead. */'
case $kind in
  header) header "$@" ;;
  source) source_text "$@" ;;
  *) echo "embed.sh: $kind: neither header nor source" >&2; exit 2 ;;
esac
