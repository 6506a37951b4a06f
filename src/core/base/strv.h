/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists of strings: char **, ended by NULL. NULL itself is the empty list. */
#pragma once

#include "core/base/util.h"

#define autostrv CLEANUP(strv_freep)
#define strv_foreach(s, list)                                                            \
	for (char *const *s##_at = (list), *s; s##_at && (s = *s##_at); s##_at++)

void strv_free(char **list);
void strv_freep(char ***list);
size_t strv_len(char *const *list);
bool strv_has(char *const *list, const char *s);
bool strv_equal(char *const *a, char *const *b);
/* Appends a copy of s. */
void strv_add(char ***list, const char *s);
/*
 * Appends the first len bytes of s to a list of *n strings and counts it: for long lists,
 * which strv_add() would walk every time.
 */
void strv_append(char ***list, size_t *n, const char *s, size_t len);
/* As strv_add(), but only where the list does not hold s yet. */
void strv_add_new(char ***list, const char *s);
/* Sorted as the shell sorts names in the C locale, and as ls -v does: numbers by value.
 */
void strv_sort_bytes(char **list);
void strv_sort_versions(char **list);
/* A copy with all its strings; NULL for an empty list. */
char **strv_copy(char *const *list) MUST_CHECK;
/* The pieces of s between any of the separators, none of them empty. */
char **strv_split(const char *s, const char *separators) MUST_CHECK;
/* One string, with the separator between each. */
char *strv_join(char *const *list, const char *separator) RETURNS_MEMORY;
