// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/print.h"
#include "core/base/text.h"

#include <stdarg.h>

void print(const char *fmt, ...)
{
	autofree char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	text = text_vprintf(fmt, ap);
	va_end(ap);
	for (char *line = text; *line;) {
		size_t len = strcspn(line, "\n");
		autofree char *clean = text_clean(line, len);

		(void)fputs(clean, stdout);
		if (line[len])
			(void)putchar('\n');
		line += len + (line[len] == '\n');
	}
}

void print_error(const struct err *err)
{
	autofree char *clean = text_escape(err->text);

	(void)fflush(stdout);
	(void)fprintf(stderr, "pciferry: %s\n", clean);
}

static bool coloured(void)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	return isatty(STDOUT_FILENO) && !(no && no[0]) && term && !streq(term, "dumb");
}

const char *mark_colour(enum mark mark)
{
	static const char *const colours[] = {
		[MARK_ISOLATED] = "\033[32m",
		[MARK_SHARED] = "\033[33m",
		[MARK_BLOCKED] = "\033[31m",
		[MARK_PASSED] = "\033[36m",
		[MARK_NONE] = "\033[2m",
	};

	return coloured() ? colours[mark] : "";
}

const char *no_colour(void)
{
	return coloured() ? "\033[0m" : "";
}

bool can_ask(void)
{
	return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
}

bool ask_yes(const char *question)
{
	char answer[16] = "";

	printf("%s Type \"yes\": ", question);
	(void)fflush(stdout);
	if (!fgets(answer, sizeof(answer), stdin))
		putchar('\n');
	return streq(answer, "yes\n");
}
