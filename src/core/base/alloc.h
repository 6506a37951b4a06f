/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory that is there, or the program ends: with one sentence, after what
 * alloc_on_failure() was given has put the terminal back and waited for a running
 * command. An apply that is cut short so is taken up from its journal, as after any other
 * end.
 */
#pragma once

#include <stddef.h>

#define RETURNS_MEMORY __attribute__((warn_unused_result, returns_nonnull))
/* How large it is, for the checks of _FORTIFY_SOURCE=3. */
#define SIZED(...) __attribute__((alloc_size(__VA_ARGS__)))

/* Zeroed. The caller frees what these return. */
void *xcalloc(size_t n, size_t size) RETURNS_MEMORY SIZED(1, 2);
/* array (which may be NULL) with room for n elements; what is new is not zeroed. */
void *xreallocarray(void *array, size_t n, size_t size) RETURNS_MEMORY SIZED(2, 3);
char *xstrdup(const char *s) RETURNS_MEMORY;
char *xstrndup(const char *s, size_t len) RETURNS_MEMORY;

/* Calls fn before this process ends here, the last one first, each once; not in its
 * children. At most four. */
void alloc_on_failure(void (*fn)(void));
/* For what a library could not allocate. */
void alloc_failed(void) __attribute__((noreturn, cold));

/*
 * Room for one more element in an array of n, zeroed. The capacity is at least the next
 * power of two, so it needs no field of its own.
 */
#define GROW(ptr, n) ((ptr) = array_room((ptr), (n), sizeof(*(ptr))))

void *array_room(void *array, size_t n, size_t size) RETURNS_MEMORY;
