// SPDX-License-Identifier: GPL-2.0-or-later
/* plan, apply, release: all three make the request, build its plan and show it. */
#include "backup/ready.h"
#include "backup/apply.h"
#include "backup/artifact.h"
#include "backup/diff.h"
#include "backup/drift.h"
#include "backup/restore.h"
#include "backup/restore_plan.h"
#include "cli/change.h"
#include "cli/json.h"
#include "cli/print.h"
#include "cli/progress.h"
#include "core/plan/request.h"
#include "core/planner/planner.h"
#include "core/planner/vfs.h"
#include "core/scan/scan.h"
#include "core/base/strv.h"
#include "core/facts/facts.h"
#include "core/verify/repair.h"
#include "backup/resume.h"
#include "backup/store.h"

/* Who may use the device, or all claimed ones where d is NULL. */
static void give_access(const struct host *host, const struct options *options,
	struct request *request, const struct device *d)
{
	const char *user = options->user, *group = options->group;

	if (!user && !group)
		return;
	if (streq(user ?: group, "-"))
		user = group = NULL;
	request_give(host, request, d, user, group);
}

static int change_add_devices(const struct probe *p, const struct options *options,
	struct request *request, struct err *err)
{
	strv_foreach (word, options->args) {
		struct device *d;
		int r = host_find(p->host, word, &d, err);

		if (r == 0)
			r = facts_choose(p->host, request, d, options->method, err);
		if (r < 0)
			return r;
		give_access(p->host, options, request, d);
	}
	if (!options->args[0])
		give_access(p->host, options, request, NULL);
	return 0;
}

/* A claimed device may be gone: then its address in the claims is what counts. */
static int drop_devices(const struct probe *p, const struct options *options,
	struct request *request, struct err *err)
{
	strv_foreach (word, options->args) {
		struct device *d = NULL;
		int r = request_has(request, word) ? 0
						   : host_find(p->host, word, &d, err);

		if (r == 0)
			r = request_drop(p->host, request, d ? d->address : word, err);
		if (r < 0)
			return r;
	}
	return 0;
}

static int repair_claims(const struct probe *p, const struct options *options UNUSED,
	struct request *request, struct err *err)
{
	CLEANUP(lost_claims_done) struct lost_claims lost = { 0 };
	autosets struct sets sets = { 0 };
	const struct set *set;
	int r = sets_scan(p->root, &sets, err);

	if (r < 0)
		return r;
	set = sets_in_force(&sets);
	claims_lost(p->host, &p->host->claims, set ? &set->expects : NULL, &lost);
	return request_repair(p->host, &lost, request, err);
}

static int request_vfs(const struct probe *p, const struct options *options,
	struct request *request, struct err *err)
{
	const char *digits = options->args[1];
	struct device *d;
	int r;

	if (!digits[0] || digits[strspn(digits, "0123456789")] || strlen(digits) > 5)
		return err_set(err, -EINVAL, "\"%s\" is no number of virtual functions.",
			digits);
	r = host_find(p->host, options->args[0], &d, err);
	if (r == 0)
		r = request_set_vfs(
			p->host, request, d, (unsigned)strtoul(digits, NULL, 10), err);
	if (r == 0)
		give_access(p->host, options, request, d);
	return r;
}

typedef int (*request_change)(const struct probe *p, const struct options *options,
	struct request *request, struct err *err);

/* What the options want besides devices. */
static void take_options(
	const struct probe *p, const struct options *options, struct request *request)
{
	const char *acs = options->acs_override;
	unsigned long *mib = &request->claims.memory_mib;

	if (options->memory && !claims_parse_memory(options->memory, mib))
		*mib = 0;
	request->claims.iommu_pt |= options->iommu_pt;
	request->clean = options->clean;
	request->claims.iommu_on |= options->iommu_on;
	if (!acs)
		return;
	scan_more(p, &(struct more){ .acs = true });
	request->acs_off = streq(acs, "off");
	claims_set_acs_override(&request->claims, streq(acs, "off") ? NULL : acs);
}

static int change_make_plan(const struct probe *p, const struct options *options,
	request_change change, struct plan **ret, struct err *err)
{
	CLEANUP(request_done) struct request request = { 0 };
	const struct host *host = p->host;
	int r;

	request_start(host, &request);
	request.accepted = strv_copy(options->accepted);
	if (options->loader)
		claims_set_loader(&request.claims, options->loader);
	if (options->initramfs)
		claims_set_initramfs(&request.claims, options->initramfs);
	take_options(p, options, &request);
	r = change(p, options, &request, err);
	if (r < 0)
		return r;
	*ret = plan_build(host, &request);
	return backup_warn(p->root, *ret, err);
}

static void print_claims(const struct host *host, const struct plan *plan)
{
	print("Devices for vfio-pci:\n");
	for (size_t i = 0; i < plan->n_chosen; i++) {
		const struct plan_claim *c = &plan->chosen[i];
		const struct device *d = host_device(host, c->address);

		print("  %s  %s\n    by %s: %s.\n", c->address,
			d && d->name ? d->name : "", c->method, c->why);
	}
	if (plan->n_chosen == 0)
		print("  none\n");
}

/* A row of the same device that ends with another driver; NULL: all do the same. */
static const struct forecast *other_row(const struct plan *plan, const struct forecast *f)
{
	for (size_t i = 0; i < plan->n_forecasts; i++)
		if (streq(plan->forecasts[i].address, f->address) &&
			!streq_null(plan->forecasts[i].after, f->after))
			return &plan->forecasts[i];
	return NULL;
}

/* Rows that change, once where every kernel gives the same. */
static void print_forecast(const struct plan *plan)
{
	const char *first = plan->n_forecasts ? plan->forecasts[0].kernel : "";

	print("\nAfter the reboot:\n");
	for (size_t i = 0; i < plan->n_forecasts; i++) {
		const struct forecast *f = &plan->forecasts[i];
		const struct forecast *same = &plan->forecasts[0];

		while (!streq(same->address, f->address))
			same++;
		if (forecast_stays(f) && !f->chosen)
			continue;
		if (same != f && forecast_same(same, f))
			continue;
		same = other_row(plan, same);
		print("  %s  %s -> ", f->address, f->now ?: "no driver");
		if (f->certain)
			print("%s (%s)", f->after ?: "no driver", f->why);
		else
			print("not known: %s", f->doubt);
		print("%s%s%s%s%s\n", streq(f->kernel, first) ? "" : " with kernel ",
			streq(f->kernel, first) ? "" : f->kernel,
			f->entry && same ? " with the boot entry \"" : "",
			f->entry && same ? f->entry : "", f->entry && same ? "\"" : "");
	}
	print("  All other devices keep their drivers.\n");
}

int print_changes(const struct steps *steps, struct err *err)
{
	for (size_t i = 0; i < steps->n_changes; i++) {
		const struct change *c = &steps->changes[i];
		autofree char *diff = NULL;
		int r = diff_text(c, &diff, err);

		if (r < 0)
			return r;
		print("\n%s: %s\n%s", c->path, c->why, diff);
	}
	return 0;
}

void print_commands(const struct steps *steps)
{
	if (steps->n_commands)
		print("\nCommands:\n");
	for (size_t i = 0; i < steps->n_commands; i++) {
		autofree char *line = strv_join(steps->commands[i].argv, " ");

		print("  %s\n    %s\n", line, steps->commands[i].why);
	}
}

static void print_paths(const char *title, char *const *paths)
{
	if (paths)
		print("\n%s:\n", title);
	strv_foreach (path, paths)
		print("  %s\n", path);
}

void print_moves(const struct steps *steps)
{
	for (size_t i = 0; i < steps->n_moves; i++) {
		const struct move *m = &steps->moves[i];

		print("  %s  %s -> %s%s\n", m->address, m->before ?: "no driver",
			m->after ?: "no driver",
			m->vfs	    ? " virtual functions"
			: m->rescan ? ", removed and found anew"
				    : "");
	}
}

static void print_instructions(const struct plan *plan)
{
	if (plan->instructions)
		print("\nTo be done by hand:\n");
	strv_foreach (text, plan->instructions) {
		autostrv char **lines = strv_split(text, "\n");

		strv_foreach (line, lines)
			print("  %s\n", line);
	}
}

void print_findings(const struct plan *plan)
{
	static const char *const labels[] = {
		[FINDING_INFO] = "Note",
		[FINDING_WARNING] = "Warning",
		[FINDING_REFUSAL] = "REFUSED",
	};

	if (plan->n_findings)
		print("\n");
	for (size_t i = 0; i < plan->n_findings; i++)
		print("%s (%s): %s\n", labels[plan->findings[i].severity],
			finding_name(&plan->findings[i]), plan->findings[i].text);
}

static int print_plan(const struct probe *p, const struct plan *plan, struct err *err)
{
	const char *way_back = backup_way_back(p->root, plan);
	int r;

	print_claims(p->host, plan);
	if (p->host->disk) { /* the claims, and why there is no more to say */
		print_findings(plan);
		return 0;
	}
	print_forecast(plan);
	r = print_changes(&plan->steps, err);
	if (r < 0)
		return r;
	print_commands(&plan->steps);
	if (way_back)
		print("  %s\n", way_back);
	print_instructions(plan);
	if (plan->steps.n_moves)
		print("\nNow, without a reboot:\n");
	print_moves(&plan->steps);
	if (plan_is_empty(plan) && !plan->instructions)
		print("\nNothing to change: the host is configured so already.\n");
	print_findings(plan);
	return 0;
}

/* Scan, request, plan, and the plan shown; the exit status where that is the end. */
static enum exit_status change_prepare(const struct root *root,
	const struct options *options, request_change change, struct host **ret_host,
	struct plan **ret_plan)
{
	struct probe p = { .root = root };
	struct err err = { 0 };
	int r = host_scan(root, ret_host, &err);

	if (r < 0)
		return print_error(&err), EXIT_FAILED;
	p.host = *ret_host;
	r = change_make_plan(&p, options, change, ret_plan, &err);
	if (r == -ENOENT || r == -EINVAL)
		return print_error(&err), EXIT_USAGE;
	if (r == -EPERM)
		return print_error(&err), EXIT_REFUSED;
	if (r == 0)
		r = options->json ? json_print_plan(*ret_plan, &err)
				  : print_plan(&p, *ret_plan, &err);
	if (r < 0)
		return print_error(&err), EXIT_FAILED;
	return plan_refusal(*ret_plan) ? EXIT_REFUSED : EXIT_DONE;
}

enum exit_status verb_plan(const struct root *root, const struct options *options)
{
	autohost struct host *host = NULL;
	autoplan struct plan *plan = NULL;

	return change_prepare(root, options, change_add_devices, &host, &plan);
}

static void print_next(const struct host *host, const struct plan *plan, const char *id)
{
	print("\nDone: set %s keeps the files as they were.\n", id);
	if (plan_find(plan, FOUND_TWO_STEPS, NULL))
		print("Reboot, then run pciferry apply: it hands over the devices you chose.\n");
	else if (plan_find(plan, FOUND_IOMMU_ON, NULL))
		print("Reboot: then the IOMMU's groups show, and devices can be chosen.\n");
	else if (host->live)
		print("Reboot to make it effective; pciferry verify then says whether it came true.\n");
	print("To take it back: pciferry undo. If the host does not come up, add these words at the boot menu\n"
	      "for one boot with the drivers it had: %s\n",
		plan->way_out);
}

enum exit_status agree(
	const struct root *root, const struct options *options, const char *question)
{
	if (!root_may_change(root)) {
		(void)fputs(
			"pciferry: Changing this host needs root: run it with sudo.\n",
			stderr);
		return EXIT_REFUSED;
	}
	if (fflush(stdout) != 0 || ferror(stdout)) /* what was to be seen went nowhere */
		return EXIT_FAILED;
	if (options->yes)
		return EXIT_DONE;
	if (options->json || !can_ask()) {
		(void)fputs(
			"pciferry: Nothing was changed: say --yes to apply without being asked.\n",
			stderr);
		return EXIT_USAGE;
	}
	printf("\n");
	return ask_yes(question) ? EXIT_DONE : EXIT_REFUSED;
}

static enum exit_status change_host(
	const struct root *root, const struct options *options, request_change change)
{
	const struct backup_options backup = { .no_run = options->no_run };
	autohost struct host *host = NULL;
	autoplan struct plan *plan = NULL;
	autofree char *id = NULL;
	struct err err = { 0 };
	enum exit_status status = change_prepare(root, options, change, &host, &plan);

	if (status != EXIT_DONE || plan_is_empty(plan))
		return status;
	status = agree(root, options, "Write these changes?");
	if (status != EXIT_DONE)
		return status;
	if (backup_apply(root, host, plan, &backup, progress_for(options), &id, &err) < 0)
		return print_error(&err), EXIT_FAILED;
	if (!options->json)
		print_next(host, plan, id);
	return EXIT_DONE;
}

enum exit_status verb_apply(const struct root *root, const struct options *options)
{
	return change_host(root, options, change_add_devices);
}

enum exit_status verb_release(const struct root *root, const struct options *options)
{
	return change_host(root, options, drop_devices);
}

enum exit_status verb_vfs(const struct root *root, const struct options *options)
{
	return change_host(root, options, request_vfs);
}

enum exit_status verb_repair(const struct root *root, const struct options *options)
{
	return change_host(root, options, repair_claims);
}

/* Going back, or on, with a set: what it changes was seen, and is done. */
struct going {
	const char *title; /* "Undo" */
	const char *done; /* "as before": the set's number follows */
	int (*restore_plan)(const struct root *root, const struct set *set,
		const struct backup_options *options, struct restore_plan *ret,
		struct err *err);
	int (*go)(const struct root *root, const struct set *set,
		const struct backup_options *options, const struct progress *progress,
		char **ret_id, struct err *err);
};

/* Of the host as it is; where that cannot be read nothing is said of it. */
static char **users_keep(const struct root *root, const struct steps *steps)
{
	autohost struct host *host = NULL;
	struct err err;

	return host_scan(root, &host, &err) < 0 ? NULL : plan_users_keep(host, steps);
}

static int show_going(const struct root *root, const struct set *set,
	const struct going *going, const struct options *options, struct err *err)
{
	const struct backup_options backup = { .on_conflict = options->on_conflict };
	CLEANUP(restore_plan_done) struct restore_plan restore_plan = { 0 };
	autostrv char **kept = NULL;
	int r = going->restore_plan(root, set, &backup, &restore_plan, err);

	if (r < 0)
		return r;
	kept = users_keep(root, &restore_plan.steps);
	if (options->json) {
		r = json_print_undo(set, &restore_plan, kept, err);
	} else {
		print("%s set %s of %s: %s\n", going->title, set->id, set->time,
			set->summary);
		r = print_changes(&restore_plan.steps, err);
		print_paths("Left as others made it, with lines of the set",
			restore_plan.kept);
		print_commands(&restore_plan.steps);
		print_paths("Comes back from the copies in the set", restore_plan.copies);
		if (restore_plan.steps.n_moves)
			print("\nNow, without a reboot:\n");
		print_moves(&restore_plan.steps);
		strv_foreach (sentence, kept)
			print("Warning (users-keep): %s\n", sentence);
	}
	return r < 0 ? r : restore_plan_clean(root, set, &restore_plan, err);
}

static enum exit_status go(const struct root *root, const struct set *set,
	const struct going *going, const struct options *options)
{
	const struct backup_options backup = { .no_run = options->no_run,
		.on_conflict = options->on_conflict };
	enum exit_status status;
	struct err err = { 0 };
	int r = show_going(root, set, going, options, &err);

	if (r == 0) {
		status = agree(root, options, "Write these changes?");
		if (status != EXIT_DONE)
			return status;
		r = going->go(root, set, &backup, progress_for(options), NULL, &err);
	}
	if (r < 0)
		return print_error(&err),
		       r == -ESTALE || r == -EALREADY ? EXIT_REFUSED : EXIT_FAILED;
	if (!options->json)
		print("\nDone: %s %s set %s.\n",
			set_only_moves(set) ? "the drivers are" : "the files are",
			going->done, set->id);
	return EXIT_DONE;
}

enum exit_status verb_undo(const struct root *root, const struct options *options)
{
	static const struct going undo = { "Undo", "as before", backup_restore_plan,
		backup_restore };
	autosets struct sets sets = { 0 };
	const char *id = options->args[0];
	const struct set *set = NULL;
	struct err err = { 0 };

	if (sets_scan(root, &sets, &err) < 0)
		return print_error(&err), EXIT_FAILED;
	if (id && sets_named(&sets, id, &set, &err) < 0)
		return print_error(&err), EXIT_USAGE;
	set = set ?: sets_newest(&sets);
	if (set)
		return go(root, set, &undo, options);
	if (ready_mounted(root, NULL, &err) == 0)
		(void)err_set(&err, -ENOENT, "There is nothing to undo.");
	return print_error(&err), EXIT_FAILED;
}

static int plan_finish(const struct root *root, const struct set *set,
	const struct backup_options *options, struct restore_plan *ret, struct err *err)
{
	return backup_resume_plan(root, set, RESUME_FINISH, options, ret, err);
}

static int change_finish(const struct root *root, const struct set *set,
	const struct backup_options *options, const struct progress *progress,
	char **ret_id, struct err *err)
{
	return backup_resume(root, set, RESUME_FINISH, options, progress, ret_id, err);
}

enum exit_status verb_finish(const struct root *root, const struct options *options)
{
	static const struct going going = { "Finish", "as wanted by", plan_finish,
		change_finish };
	autosets struct sets sets = { 0 };
	const struct set *set;
	struct err err = { 0 };

	if (sets_scan(root, &sets, &err) < 0)
		return print_error(&err), EXIT_FAILED;
	set = sets_newest(&sets);
	if (set && set_unfinished(set))
		return go(root, set, &going, options);
	(void)err_set(&err, -ENOENT, "There is nothing to finish: no set was cut short.");
	return print_error(&err), EXIT_FAILED;
}
