// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/cli.h"
#include "cli/json.h"
#include "cli/print.h"

static void print_verdicts(const struct verdicts *verdicts, bool rebooted)
{
	for (size_t i = 0; i < verdicts->n; i++) {
		const struct verdict *v = &verdicts->list[i];

		print("%s  %s  %s\n", v->why ? "WRONG" : "ok   ", v->address,
			v->actual ?: "no driver");
		if (v->why)
			print("       expected %s: %s.\n", v->expected ?: "no driver",
				v->why);
	}
	for (char **word = verdicts->missing; word && *word; word++)
		print("WRONG  the kernel command line of this boot lacks %s: the boot "
		      "loader did not get it, or another entry was booted.\n",
			*word);
	if (!rebooted)
		print("The host has not been rebooted since: what was written is not in "
		      "force yet.\n");
	else if (verdicts_good(verdicts))
		print("All as promised: every device has the driver that was "
		      "forecast.\n");
}

enum exit_status verb_verify(const struct root *root, const struct options *options)
{
	CLEANUP(verdicts_done) struct verdicts verdicts = { 0 };
	autosets struct sets sets = { 0 };
	autohost struct host *host = NULL;
	const struct set *set = NULL;
	struct err err = { 0 };
	bool rebooted;
	int r = sets_scan(root, &sets, &err);

	if (r == 0) {
		set = sets_in_force(&sets);
		if (!set)
			r = err_set(&err, -ENOENT,
				"Nothing to verify: pciferry has not changed this host.");
	}
	if (r == 0)
		r = host_scan(root, &host, &err);
	if (r == 0)
		r = verify(host, &set->expects, &verdicts, &err);
	if (r < 0)
		return print_error(&err), r == -ENODATA ? EXIT_UNEXPECTED : EXIT_FAILED;
	rebooted = !set_pending(root, set);
	if (!options->json)
		print_verdicts(&verdicts, rebooted);
	else if (json_print_verify(&verdicts, rebooted) < 0)
		return err_oom(&err), print_error(&err), EXIT_FAILED;
	return rebooted && verdicts_good(&verdicts) ? EXIT_DONE : EXIT_UNEXPECTED;
}
