// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/base/err.h"

#include <stdarg.h>

static int err_fill(struct err *err, int code, bool words, const char *fmt, va_list ap)
	PRINTF(4, 0);
static int err_fill(struct err *err, int code, bool words, const char *fmt, va_list ap)
{
	size_t n;

	if (!err)
		return code;
	err->code = code;
	(void)vsnprintf(err->text, sizeof(err->text), fmt, ap);
	n = strlen(err->text);
	if (words)
		(void)snprintf(err->text + n, sizeof(err->text) - n, ": %s",
			strerrordesc_np(-code) ?: "unknown error");
	return code;
}

int err_set(struct err *err, int code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void)err_fill(err, code, false, fmt, ap);
	va_end(ap);
	return code;
}

int err_errno(struct err *err, int code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void)err_fill(err, code, true, fmt, ap);
	va_end(ap);
	return code;
}
