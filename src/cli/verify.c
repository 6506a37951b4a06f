// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/cli.h"
#include "cli/json.h"
#include "cli/print.h"
#include "core/scan/scan.h"
#include "backup/store.h"

static void print_result(const struct result *v)
{
	print("%s  %s  %s\n",
		v->why	     ? "WRONG"
		: v->certain ? "ok   "
			     : "unknown",
		v->address, v->actual ?: "no driver");
	if (v->why)
		print("       expected %s: %s.\n", v->expected ?: "no driver", v->why);
}

/* Before the reboot nothing is wrong, it is only not there yet. */
static void print_pending(const struct results *results)
{
	for (size_t i = 0; i < results->n; i++) {
		const struct result *v = &results->list[i];

		print("%s  %s  %s\n",
			v->why	     ? "later"
			: v->certain ? "ok   "
				     : "unknown",
			v->address, v->actual ?: "no driver");
		if (v->why)
			print("       %s with the reboot.\n", v->expected ?: "no driver");
	}
	for (char **word = results->missing; word && *word; word++)
		print("later  %s on the kernel command line.\n", *word);
	print("The host has not been rebooted since: what was written is not in force yet.\n");
}

/* What is not as expected; quiet leaves out the rest. */
static void print_results(
	const struct results *results, const struct host *host, bool quiet)
{
	for (size_t i = 0; i < results->n; i++)
		if (results->list[i].why || !quiet)
			print_result(&results->list[i]);
	for (char **word = results->missing; word && *word; word++)
		print("WRONG  the kernel command line of this boot lacks %s: the boot loader did not get it, or another entry was booted.\n",
			*word);
	if (results->iommu)
		print("WRONG  %s\n", results->iommu);
	if (results->n_lost)
		print("pciferry repair plans what to do about claims that do not point at their device.\n");
	if (quiet)
		return;
	for (size_t i = 0; i < host->renames.n; i++)
		print("NOTE   %s:%zu names the network interface %s, which is not there any more: see pciferry repair.\n",
			host->renames.list[i].path, host->renames.list[i].line,
			host->renames.list[i].from);
	if (results_good(results) && results->second_step)
		print("The IOMMU is on now, as promised. pciferry apply hands over the devices that were chosen; pciferry plan shows it.\n");
	else if (results_good(results) && results->n_unknown)
		print("All that was promised is so; of the devices marked unknown nothing was, for their drivers were not known before.\n");
	else if (results_good(results))
		print("All as promised: every device has the driver that was forecast.\n");
	if (results->later)
		print("The kernel %s was installed after that: it is judged as the one before it.\n",
			host->running);
}

enum exit_status verb_verify(const struct root *root, const struct options *options)
{
	CLEANUP(results_done) struct results results = { 0 };
	autosets struct sets sets = { 0 };
	autohost struct host *host = NULL;
	const struct set *set = NULL;
	struct err err = { 0 };
	bool rebooted, good;
	int r = sets_scan(root, &sets, &err);

	if (r == 0) {
		set = sets_in_force(&sets);
		if (!set)
			r = err_set(&err, -ENOENT,
				"Nothing to verify: no set of changes by pciferry is in force.");
	}
	if (r == 0)
		r = host_scan(root, &host, &err);
	if (r == 0 && host->disk && options->json)
		return json_print_verify(&results, host, false), EXIT_UNEXPECTED;
	if (r == 0)
		r = verify(&(struct probe){ root, host }, &set->expects, &results, &err);
	if (r < 0)
		return print_error(&err), r == -ENODATA ? EXIT_UNEXPECTED : EXIT_FAILED;
	rebooted = !set_pending(root, set);
	good = rebooted && results_good(&results);
	if (options->json)
		json_print_verify(&results, host, rebooted);
	else if (rebooted)
		print_results(&results, host, options->quiet);
	else
		print_pending(&results);
	return good ? EXIT_DONE : EXIT_UNEXPECTED;
}
