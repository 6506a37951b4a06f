// SPDX-License-Identifier: GPL-2.0-or-later
#include "backup/apply.h"
#include "backup/bind.h"
#include "backup/lock.h"
#include "backup/products.h"
#include "backup/set.h"
#include "core/base/strv.h"

#include <signal.h>
#include <stdarg.h>

/* Changes with every boot: whether the reboot has happened yet. */
#define BOOT_ID "/proc/sys/kernel/random/boot_id"

/* A job under way: what is needed to go on and to go back. */
struct job {
	const struct root *root;
	const struct change *changes;
	size_t n_changes;
	const struct backup_options *options;
	const struct progress *progress;
	const struct set *undoes; /* the set that is put back, or NULL */
	struct set set;
	struct disk_file *before; /* as found under the lock */
	size_t n_commands_run;
	size_t step;
	int log_fd;
	bool stuck; /* a device could not be put back */
};

static void job_done(struct job *job)
{
	for (size_t i = 0; job->before && i < job->n_changes; i++)
		disk_file_done(&job->before[i]);
	free(job->before);
	set_done(&job->set);
	closep(&job->log_fd);
}

static void tell_step(struct job *job, const char *fmt, ...) PRINTF(2, 3);
static void tell_step(struct job *job, const char *fmt, ...)
{
	size_t total = 1 + job->n_changes + job->set.n_commands + !!job->set.n_moves;
	autofree char *what = NULL;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&what, fmt, ap) < 0)
		what = NULL;
	va_end(ap);
	if (job->step >= total) /* what goes back again was not counted */
		total = job->step + 1;
	if (what && job->progress && job->progress->step)
		job->progress->step(job->progress->data, job->step, total, what);
	job->step++;
}

static void tell_output(const struct job *job, const char *line)
{
	if (job->progress && job->progress->output)
		job->progress->output(job->progress->data, line);
}

/* Every file must still be as the plan saw it. */
static int read_before(struct job *job, struct err *err)
{
	job->before = calloc(job->n_changes + 1, sizeof(*job->before));
	if (!job->before)
		return err_oom(err);
	for (size_t i = 0; i < job->n_changes; i++) {
		const struct change *c = &job->changes[i];
		int r = disk_read(job->root, c->path, &job->before[i], err);

		if (r < 0)
			return r;
		if (!streq_null(c->before, job->before[i].text))
			return err_set(err, -ESTALE,
				"%s%s was changed by someone else meanwhile: nothing was "
				"written; look again and repeat.",
				root_shown(job->root), c->path);
	}
	return 0;
}

/* One change, in either step of writing. */
static int with_file(struct job *job, size_t i, struct err *err,
	int (*step)(const struct root *root, const char *path, const struct disk_file *f,
		struct err *err))
{
	const struct change *c = &job->changes[i];
	const char *undoes = job->set.undoes;
	autofree char *like = undoes ? set_copy_path(undoes, "before", c->path) : NULL;
	const struct disk_file f = { .text = c->after,
		.mode = c->mode,
		.uid = c->uid,
		.gid = c->gid,
		.like = like };

	if (undoes && !like)
		return err_oom(err);
	return step(job->root, c->path, &f, err);
}

/*
 * The directories the files need are in the manifest before they are made: whoever is cut
 * short here still knows what to take away again.
 */
static int find_dirs(struct job *job)
{
	for (size_t i = 0; i < job->n_changes; i++)
		if (job->changes[i].after &&
			disk_missing_dirs(
				job->root, job->changes[i].path, &job->set.made_dirs) < 0)
			return -ENOMEM;
	return 0;
}

static int write_files(struct job *job, struct err *err)
{
	int r;

	job->set.state = SET_WRITTEN;
	r = set_save(job->root, &job->set, err);
	if (r == 0)
		r = disk_make_dirs(job->root, job->set.made_dirs, 0755, err);
	for (size_t i = 0; r == 0 && i < job->n_changes; i++)
		r = with_file(job, i, err, disk_prepare);
	for (size_t i = 0; r == 0 && i < job->n_changes; i++) {
		const struct change *c = &job->changes[i];

		tell_step(job, "%s %s", c->after ? "write" : "remove", c->path);
		r = with_file(job, i, err, disk_commit);
	}
	return r;
}

/* 0 where it ran, 1 where it was only listed. */
static int run_one(struct job *job, char *const *argv, struct err *err)
{
	autofree char *line = NULL, *note = NULL;

	if (strv_join(argv, " ", &line) < 0)
		return err_oom(err);
	tell_step(job, "run %s", line);
	if (job->log_fd >= 0)
		dprintf(job->log_fd, "$ %s\n", line);
	if (job->options->no_run || !run_possible(job->root, argv[0])) {
		if (asprintf(&note, "Not run; to be run by hand on that host: %s", line) <
			0)
			return note = NULL, err_oom(err);
		tell_output(job, note);
		return 1;
	}
	return run_command(job->root, argv, job->log_fd, job->progress, err);
}

static int run_commands(struct job *job, struct err *err)
{
	for (size_t i = 0; i < job->set.n_commands; i++) {
		int r;

		job->n_commands_run = i + 1;
		r = run_one(job, job->set.commands[i].argv, err);
		if (r == 0)
			r = products_check(job->root, &job->set, i, job->progress, err);
		if (r < 0)
			return r;
	}
	return 0;
}

/* Puts its own back where it fails, but for what hangs. */
static int run_moves(struct job *job, struct err *err)
{
	struct mover mover = {
		.root = job->root,
		.progress = job->progress,
		.log_fd = job->log_fd,
	};
	int r;

	if (!job->set.n_moves)
		return 0;
	tell_step(job, "move %zu device%s", job->set.n_moves,
		job->set.n_moves == 1 ? "" : "s");
	r = moves_run(&mover, job->set.moves, job->set.n_moves, err);
	job->stuck = mover.stuck;
	return r;
}

/* Appends to the sentence that is already there. */
static void add_to(struct err *err, const char *text, const char *detail)
{
	size_t n = strlen(err->text);

	(void)snprintf(err->text + n, sizeof(err->text) - n, "%s %s%s",
		n && err->text[n - 1] != '.' ? "." : "", text, detail);
}

/* One that was not reached, or not written, stays untouched. */
static int put_file_back(struct job *job, size_t i, struct err *err)
{
	CLEANUP(disk_file_done) struct disk_file now = { 0 };
	const char *path = job->changes[i].path;
	autofree char *like = set_copy_path(job->set.id, "before", path);
	struct disk_file before = job->before[i];

	before.like = like;
	if (disk_read(job->root, path, &now, NULL) == 0 &&
		streq_null(now.text, job->before[i].text) && now.mode == before.mode)
		return 0;
	return disk_write(job->root, path, &before, err);
}

static int put_files_back(struct job *job, struct err *err)
{
	struct err one;
	int r = 0;

	for (size_t i = 0; i < job->n_changes; i++)
		disk_remove_temporary(job->root, job->changes[i].path);
	for (size_t i = job->n_changes; i-- > 0;)
		if (put_file_back(job, i, &one) < 0) {
			*err = one;
			r = one.code;
		}
	disk_remove_dirs(job->root, job->set.made_dirs);
	return r;
}

/* What the commands that ran have made goes back, by the copies or by the commands. */
static int put_products_back(struct job *job, struct err *err)
{
	int r = 0;

	for (size_t i = 0; i < job->n_commands_run; i++) {
		const struct command *c = &job->set.commands[i];
		int one = c->undo ? 0 : products_put_back(job->root, &job->set, i, err);

		if (one == 0)
			one = run_one(job, c->undo ?: c->argv, err);
		r = one < 0 ? one : r;
	}
	return r;
}

/* Back to how it was. */
static void roll_back(struct job *job, struct err *err)
{
	struct err problem = { 0 };
	int r;

	tell_output(job, "Putting everything back.");
	r = put_files_back(job, &problem);
	if (r < 0)
		return add_to(
			err, "And not every file could be put back: ", problem.text);
	r = put_products_back(job, &problem);
	if (job->n_changes)
		add_to(err, "Every file was put back as it was.", "");
	if (job->stuck)
		return;
	if (r < 0)
		add_to(err, "Run this again once its cause is mended: ", problem.text);
	job->set.state = SET_ROLLED_BACK;
	if (set_save(job->root, &job->set, &problem) < 0)
		add_to(err, problem.text, "");
	else if (r == 0)
		products_forget(job->root, &job->set);
}

/* What the set that is put back has made besides its files, or left when it was cut
 * short. */
static void remove_leftovers(const struct job *job)
{
	if (!job->undoes)
		return;
	for (size_t i = 0; i < job->undoes->n_files; i++)
		disk_remove_temporary(job->root, job->undoes->files[i].path);
	disk_remove_dirs(job->root, job->undoes->made_dirs);
}

static int run_job(struct job *job, struct err *err)
{
	int r = read_before(job, err);

	if (r == 0 && find_dirs(job) < 0)
		r = err_oom(err);
	if (r < 0)
		return r;
	tell_step(job, "back up %zu file%s", job->n_changes,
		job->n_changes == 1 ? "" : "s");
	r = set_create(
		job->root, &job->set, job->changes, job->before, job->n_changes, err);
	if (r < 0)
		return r;
	job->log_fd = set_open_log(job->root, &job->set);
	r = write_files(job, err);
	if (r == 0)
		remove_leftovers(job);
	if (r == 0)
		r = run_commands(job, err);
	if (r == 0)
		r = run_moves(job, err);
	if (r == 0) {
		job->set.state = SET_APPLIED;
		r = set_save(job->root, &job->set, err);
	}
	if (r < 0)
		roll_back(job, err);
	else
		products_forget(job->root, &job->set);
	return r;
}

/* Undoing takes each command's way back, whose way back is the command again. */
static int copy_commands(struct set *set, const struct work *work)
{
	for (size_t i = 0; i < work->n_commands; i++) {
		const struct command *from = &work->commands[i];
		bool back = work->undoes && from->undo;
		struct command *c;

		if (GROW(set->commands, set->n_commands) < 0)
			return -ENOMEM;
		c = &set->commands[set->n_commands++];
		c->why = strdup(from->why);
		if (!c->why || strv_copy(back ? from->undo : from->argv, &c->argv) < 0 ||
			strv_copy(back ? from->argv : from->undo, &c->undo) < 0)
			return -ENOMEM;
	}
	return 0;
}

static int copy_products(struct set *set, const struct work *work)
{
	for (size_t i = 0; i < work->n_products; i++) {
		if (GROW(set->products, set->n_products) < 0 ||
			product_copy(&work->products[i],
				&set->products[set->n_products++].product) < 0)
			return -ENOMEM;
	}
	return 0;
}

/*
 * Once begun, the work is finished or put back: signals that would end the program wait
 * until then. The commands run in a session of their own, without this mask.
 */
static void hold_signals(sigset_t *ret_old)
{
	static const int held[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGPIPE };
	sigset_t set;

	(void)sigemptyset(&set);
	for (size_t i = 0; i < ARRAY_SIZE(held); i++)
		(void)sigaddset(&set, held[i]);
	(void)pthread_sigmask(SIG_BLOCK, &set, ret_old);
}

static void release_signals(const sigset_t *old)
{
	(void)pthread_sigmask(SIG_SETMASK, old, NULL);
}

int apply_work(const struct root *root, struct work *work,
	const struct backup_options *options, const struct progress *progress,
	char **ret_id, struct err *err)
{
	CLEANUP(job_done)
	struct job job = {
		.root = root,
		.changes = work->changes,
		.n_changes = work->n_changes,
		.options = options,
		.progress = progress,
		.log_fd = -1,
	};
	CLEANUP(lock_drop) struct lock lock = { .fd = -1 };
	CLEANUP(release_signals) sigset_t old;
	struct err local = { 0 };
	int r;

	hold_signals(&old);
	err = err ?: &local;
	job.set.expects = work->expects;
	work->expects = (struct expectations){ 0 };
	if (root_read_attr(root, BOOT_ID, &job.set.boot_id) < 0)
		job.set.boot_id = NULL; /* verify then takes the reboot for granted */
	job.set.summary = strdup(work->summary);
	job.undoes = work->undoes;
	job.set.undoes = work->undoes ? strdup(work->undoes->id) : NULL;
	if (!job.set.summary || !job.set.undoes != !work->undoes ||
		copy_commands(&job.set, work) < 0 || copy_products(&job.set, work) < 0 ||
		moves_copy(work->moves, work->n_moves, &job.set.moves, &job.set.n_moves) <
			0)
		return err_oom(err);
	r = lock_take(root, &lock, err);
	if (r < 0)
		return r;
	r = run_job(&job, err);
	if (r == 0 && ret_id)
		*ret_id = TAKE(job.set.id);
	return r;
}

/* A set that was cut short comes first: its files are neither before nor after. */
static int check_unfinished(const struct root *root, struct err *err)
{
	autosets struct sets sets = { 0 };
	const struct set *last;
	int r = sets_scan(root, &sets, err);

	if (r < 0)
		return r;
	last = sets.n ? &sets.list[sets.n - 1] : NULL;
	if (last && set_unfinished(last))
		return err_set(err, -EBUSY,
			"Set %s (%s) was cut short: put everything back first, with "
			"pciferry undo.",
			last->id, last->summary);
	return 0;
}

/* What a plan took away may have been the last file in a directory an earlier one made.
 */
static void remove_empty_dirs(const struct root *root, const struct plan *plan)
{
	autosets struct sets sets = { 0 };
	bool removes = false;

	for (size_t i = 0; i < plan->n_changes; i++)
		removes |= !plan->changes[i].after;
	if (!removes || sets_scan(root, &sets, NULL) < 0)
		return;
	for (size_t i = 0; i < sets.n; i++)
		disk_remove_dirs(root, sets.list[i].made_dirs);
}

int backup_apply(const struct root *root, const struct host *host,
	const struct plan *plan, const struct backup_options *options,
	const struct progress *progress, char **ret_id, struct err *err)
{
	autofree char *summary = NULL;
	struct work work = {
		.changes = plan->changes,
		.n_changes = plan->n_changes,
		.commands = plan->commands,
		.n_commands = plan->n_commands,
		.products = plan->products,
		.n_products = plan->n_products,
		.moves = plan->moves,
		.n_moves = plan->n_moves,
	};
	const struct finding *refusal = plan_refusal(plan);
	int r;

	if (refusal)
		return err_set(err, -EPERM, "%s", refusal->text);
	r = check_unfinished(root, err);
	if (r < 0)
		return r;
	if (plan_summary(host, plan, &summary) < 0 ||
		expectations_from(host, plan, &work.expects) < 0)
		return err_oom(err);
	work.summary = summary;
	r = apply_work(root, &work, options, progress, ret_id, err);
	if (r == 0)
		remove_empty_dirs(root, plan);
	return r;
}
