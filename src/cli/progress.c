// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/progress.h"
#include "cli/print.h"

static void step(void *data, size_t index, size_t total, const char *what)
{
	(void)data;
	print("\n[%zu/%zu] %s\n", index + 1, total, what);
	(void)fflush(stdout);
}

static void output(void *data, const char *line)
{
	(void)data;
	print("    %s\n", line);
	(void)fflush(stdout);
}

const struct progress *progress_for(const struct options *options)
{
	static const struct progress loud = { .step = step, .output = output },
				     quiet = { 0 };

	return options->json ? &quiet : &loud;
}
