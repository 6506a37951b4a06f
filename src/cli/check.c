// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/cli.h"
#include "cli/json.h"
#include "cli/print.h"
#include "core/check/checks.h"
#include "core/scan/scan.h"

static void print_checks(const struct host *host, const struct checks *checks)
{
	static const char *const labels[] = {
		[CHECK_OK] = "ok     ",
		[CHECK_WARN] = "WARNING",
		[CHECK_FAIL] = "FAILED ",
		[CHECK_UNKNOWN] = "unknown",
	};

	for (size_t i = 0; i < checks->n; i++) {
		const struct check *c = &checks->list[i];

		print("%s  %-20s %s\n", labels[c->state], c->name, c->text);
		if (c->fix)
			print("                              %s\n", c->fix);
	}
	print("\n%s\n",
		host->disk ? "Whether this host is ready is not known: " NOT_VISIBLE "."
		: checks_ready(checks) ? "This host is ready."
				       : "This host is not ready yet: see what failed.");
}

enum exit_status verb_check(const struct root *root, const struct options *options)
{
	CLEANUP(checks_done) struct checks checks = { 0 };
	autohost struct host *host = NULL;
	struct err err = { 0 };
	int r = host_scan(root, &host, &err);

	if (r < 0)
		return print_error(&err), EXIT_FAILED;
	checks_run(&(struct probe){ root, host }, &checks);
	if (options->json)
		json_print_checks(host, &checks);
	else
		print_checks(host, &checks);
	return checks_ready(&checks) && !host->disk ? EXIT_DONE : EXIT_UNEXPECTED;
}
