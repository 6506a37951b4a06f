// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/usage.h"
#include "core/base/text.h"

#include <stdarg.h>

enum exit_status usage(const char *fmt, ...)
{
	autofree char *text = NULL, *clean = NULL;
	va_list ap;

	va_start(ap, fmt);
	text = text_vprintf(fmt, ap);
	va_end(ap);
	clean = text_escape(text);
	(void)fprintf(stderr, "pciferry: %s See pciferry --help.\n", clean);
	return EXIT_USAGE;
}

enum exit_status usage_unknown(const char *kind, const struct nearest *nearest)
{
	return usage("there is no %s \"%s\"%s%s%s", kind, nearest->word,
		nearest->found ? ": did you mean " : "", nearest->found ?: "",
		nearest->found ? "?" : ".");
}
