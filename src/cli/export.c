// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/export/formats.h"
#include "core/scan/scan.h"
#include "core/export/export.h"
#include "cli/cli.h"
#include "cli/json.h"
#include "cli/print.h"
#include "cli/usage.h"
#include "core/base/strv.h"

static int export_add_devices(
	struct export *e, const struct options *options, struct err *err)
{
	int r = 0;

	for (size_t i = 1; r == 0 && options->args[i]; i++) {
		struct device *d;

		r = host_find(e->p.host, options->args[i], &d, err);
		if (r == 0)
			r = export_add(e, d, options->only, err);
	}
	return r;
}

static enum exit_status no_format(const char *name)
{
	struct nearest nearest = { .word = name };

	for (size_t i = 0; export_table[i]; i++)
		nearest_try(&nearest, export_table[i]->name);
	return usage_unknown("format", &nearest);
}

enum exit_status verb_export(const struct root *root, const struct options *options)
{
	const struct export_format *format = export_find(options->args[0]);
	CLEANUP(export_done) struct export e = { 0 };
	autohost struct host *host = NULL;
	autofree char *text = NULL;
	struct err err = { 0 };
	int r;

	if (!format)
		return no_format(options->args[0]);
	r = host_scan(root, &host, &err);
	if (r < 0)
		return print_error(&err), EXIT_FAILED;
	e.p = (struct probe){ root, host };
	r = export_add_devices(&e, options, &err);
	if (r < 0)
		return print_error(&err), r == -EPERM ? EXIT_REFUSED : EXIT_USAGE;
	text = export_text(format, &e);
	if (options->json)
		json_print_export(format, &e, text);
	else
		print("%s", text);
	return EXIT_DONE;
}
