// SPDX-License-Identifier: GPL-2.0-or-later
/* bind and unbind: another driver now, without a reboot. */
#include "cli/change.h"
#include "cli/json.h"
#include "cli/print.h"
#include "cli/progress.h"
#include "core/scan/scan.h"
#include "core/base/strv.h"
#include "core/planner/bind.h"
#include "backup/apply.h"
#include "backup/store.h"

/* The drivers the devices had before, as far as the backup sets tell. */
static void add_homes(const struct root *root, struct bind_request *request)
{
	autosets struct sets sets = { 0 };
	struct err err;

	if (request->back && sets_scan(root, &sets, &err) == 0)
		request->homes = sets_homes(&sets, &request->request.claims);
}

static int bind_make_plan(const struct root *root, const struct options *options,
	bool back, struct host *host, struct plan **ret, struct err *err)
{
	CLEANUP(bind_request_done)
	struct bind_request request = { .back = back, .rescan = options->rescan };

	strv_foreach (word, options->args) {
		struct device *d;
		int r = host_find(host, word, &d, err);

		if (r == 0)
			r = bind_choose(host, &request, d, err);
		if (r < 0)
			return r;
	}
	request.request.accepted = strv_copy(options->accepted);
	add_homes(root, &request);
	scan_more(&(struct probe){ root, host },
		&(struct more){ .uses_of = &request.request.claims });
	*ret = bind_build(host, &request);
	return 0;
}

static void print_plan(const struct plan *plan, bool back)
{
	if (plan->steps.n_moves)
		print("Now, without a reboot:\n");
	else
		print("Nothing to do: no such device is %s.\n",
			back ? "on vfio-pci" : "on another driver than vfio-pci");
	print_moves(&plan->steps);
	print_findings(plan);
}

static enum exit_status move_devices(
	const struct root *root, const struct options *options, bool back)
{
	const struct backup_options backup = { 0 };
	autohost struct host *host = NULL;
	autoplan struct plan *plan = NULL;
	autofree char *id = NULL;
	enum exit_status status;
	struct err err = { 0 };
	int r = host_scan(root, &host, &err);

	if (r < 0)
		return print_error(&err), EXIT_FAILED;
	r = bind_make_plan(root, options, back, host, &plan, &err);
	if (r < 0)
		return print_error(&err), r == -EPERM			 ? EXIT_REFUSED
					  : r == -ENOENT || r == -EINVAL ? EXIT_USAGE
									 : EXIT_FAILED;
	if (!options->json)
		print_plan(plan, back);
	else if (json_print_plan(plan, &err) < 0)
		return print_error(&err), EXIT_FAILED;
	if (plan_refusal(plan))
		return EXIT_REFUSED;
	if (plan_is_empty(plan))
		return EXIT_DONE;
	status = agree(root, options, "Move these devices now?");
	if (status != EXIT_DONE)
		return status;
	if (backup_apply(root, host, plan, &backup, progress_for(options), &id, &err) < 0)
		return print_error(&err), EXIT_FAILED;
	if (!options->json)
		print("\nDone, as set %s, until the next boot. To take it back: pciferry undo.\n",
			id);
	return EXIT_DONE;
}

enum exit_status verb_bind(const struct root *root, const struct options *options)
{
	return move_devices(root, options, false);
}

enum exit_status verb_unbind(const struct root *root, const struct options *options)
{
	return move_devices(root, options, true);
}
