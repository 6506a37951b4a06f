/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whose files are: a package's that nobody has changed, or not. */
#pragma once

#include "core/host/probe.h"

/*
 * By dpkg's checksums; by pacman's lists of files; where there is a database of rpm, of
 * which nothing is read, all of /usr but /usr/local is taken for packages'. Whatever is
 * in none of them is the user's.
 */
bool packages_own(const struct probe *p, const char *path, const char *text);
