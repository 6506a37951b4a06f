/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An error for a person: a negative errno and one sentence they can act on. */
#pragma once

#include "core/base/util.h"

struct err {
	int code; /* negative errno, 0 while nothing failed */
	char text[1024]; /* one sentence, UTF-8, no newline; may hold text from the host
			  */
};

/* Fill err (which may be NULL) and return code, a negative errno. */
int err_set(struct err *err, int code, const char *fmt, ...) PRINTF(3, 4);
/* The same, with ": " and the errno's own words after the sentence. */
int err_errno(struct err *err, int code, const char *fmt, ...) PRINTF(3, 4);
