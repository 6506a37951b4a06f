/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names with commas between them, in one line of YAML: "key: a,b", the key at column 0,
 * in quotes or not, a comment behind it or not. Edited in place: a name goes to the
 * front, and out again, and no other byte changes.
 */
#pragma once

#include "core/base/err.h"

/* 1 and the names (see strv.h) where the key is there, 0 where it is not; -EINVAL: what
 * it has is no such string. text may be NULL. */
int commas_read(const char *text, const char *key, char ***ret) MUST_CHECK;
/* Puts the name before the others. The key must be there. */
char *commas_add(const char *text, const char *key, const char *name) RETURNS_MEMORY;
/* The line that the key stands in, from 1; 0: in none. */
size_t commas_line(const char *text, const char *key);
/* Takes the last such name out; none, or no key: nothing. */
void commas_cut(char *text, const char *key, const char *name);
