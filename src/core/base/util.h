/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Attributes, cleanup helpers and the smallest string tests, used everywhere. */
#pragma once

#include "core/base/alloc.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#define UNUSED __attribute__((unused))

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/*
 * "autofree char *s = NULL;" frees s when it goes out of scope. The same for file
 * descriptors, streams and directories. TAKE() hands the value on and disarms the
 * cleanup.
 */
#define CLEANUP(fn) __attribute__((cleanup(fn)))
#define autofree CLEANUP(freep)
#define autoclose CLEANUP(closep)
#define autofclose CLEANUP(fclosep)
#define autoclosedir CLEANUP(closedirp)

#define TAKE(ptr)                                                                        \
	({                                                                               \
		__typeof__(ptr) taken_ = (ptr);                                          \
		(ptr) = NULL;                                                            \
		taken_;                                                                  \
	})

#define TAKE_FD(fd)                                                                      \
	({                                                                               \
		int taken_ = (fd);                                                       \
		(fd) = -1;                                                               \
		taken_;                                                                  \
	})

static inline void freep(void *p)
{
	free(*(void **)p);
}

static inline void closep(const int *fd)
{
	int keep = errno;

	if (*fd >= 0)
		(void)close(*fd);
	errno = keep;
}

static inline void fclosep(FILE **f)
{
	if (*f)
		(void)fclose(*f);
}

static inline void closedirp(DIR **d)
{
	if (*d)
		(void)closedir(*d);
}

static inline bool streq(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

/* Equal, where NULL is "none" and equals only itself. */
static inline bool streq_null(const char *a, const char *b)
{
	return a && b ? streq(a, b) : a == b;
}

/* What follows prefix in s, or NULL where s does not start with it. */
static inline const char *after_prefix(const char *s, const char *prefix)
{
	size_t n = strlen(prefix);

	return strncmp(s, prefix, n) == 0 ? s + n : NULL;
}

static inline bool has_suffix(const char *s, const char *suffix)
{
	size_t n = strlen(s), m = strlen(suffix);

	return n >= m && streq(s + n - m, suffix);
}
