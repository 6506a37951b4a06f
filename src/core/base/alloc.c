// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/base/alloc.h"
#include "core/base/util.h"

static void (*last_steps[4])(void);
static size_t n_last_steps;
static pid_t owner;

/* What a forked process has inherited is its parent's to do. */
static void drop_inherited(void)
{
	if (owner != getpid())
		n_last_steps = 0;
	owner = getpid();
}

void alloc_on_failure(void (*fn)(void))
{
	drop_inherited();
	for (size_t i = 0; i < n_last_steps; i++)
		if (last_steps[i] == fn)
			return;
	if (n_last_steps < ARRAY_SIZE(last_steps))
		last_steps[n_last_steps++] = fn;
}

/* _exit(): half of a document must not be flushed as if it were whole. */
void alloc_failed(void)
{
	static const char sentence[] = "pciferry: Out of memory.\n";

	drop_inherited();
	while (n_last_steps)
		last_steps[--n_last_steps]();
	(void)!write(STDERR_FILENO, sentence, sizeof(sentence) - 1);
	_exit(1);
}

static void *must(void *p)
{
	if (!p)
		alloc_failed();
	return p;
}

void *xcalloc(size_t n, size_t size)
{
	return must(calloc(n, size));
}

void *xreallocarray(void *array, size_t n, size_t size)
{
	return must(reallocarray(array, n, size));
}

char *xstrdup(const char *s)
{
	return must(strdup(s));
}

char *xstrndup(const char *s, size_t len)
{
	return must(strndup(s, len));
}

void *array_room(void *array, size_t n, size_t size)
{
	if (!(n & (n - 1))) /* else the last growth left room */
		array = xreallocarray(array, n ? n * 2 : 1, size);
	memset((char *)array + n * size, 0, size);
	return array;
}
