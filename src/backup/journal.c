// SPDX-License-Identifier: GPL-2.0-or-later
#include "backup/journal.h"
#include "backup/moves.h"
#include "backup/restore_plan.h"
#include "backup/artifact.h"
#include "backup/store.h"
#include "core/base/strv.h"
#include "core/base/text.h"

#include <signal.h>
#include <stdarg.h>

void journal_done(struct journal *journal)
{
	if (!journal->root) /* never started */
		return;
	set_done(&journal->set);
	closep(&journal->log_fd);
	lock_drop(&journal->lock);
	(void)pthread_sigmask(SIG_SETMASK, &journal->signals, NULL);
}

void journal_step(struct journal *journal, const char *fmt, ...)
{
	const struct steps *steps = &journal->set.steps;
	size_t total = 1 + steps->n_changes + steps->n_commands + !!steps->n_moves;
	autofree char *what = NULL;
	va_list ap;

	va_start(ap, fmt);
	what = text_vprintf(fmt, ap);
	va_end(ap);
	if (journal->step >= total) /* what goes back again was not counted */
		total = journal->step + 1;
	if (journal->progress && journal->progress->step)
		journal->progress->step(
			journal->progress->data, journal->step, total, what);
	journal->step++;
}

static void tell_output(const struct journal *journal, const char *line)
{
	if (journal->progress && journal->progress->output)
		journal->progress->output(journal->progress->data, line);
}

/* One change, in either step of writing. */
static int with_file(struct journal *journal, size_t i, struct err *err,
	int (*step)(const struct root *root, const char *path,
		const struct atomic_file *f, struct err *err))
{
	const struct change *c = &journal->set.steps.changes[i];
	const char *undoes = journal->set.undoes;
	/* A file that comes back takes over what the set kept of it. */
	autofree char *like = undoes ? store_copy_path(undoes, "before", c->path) : NULL;
	const struct atomic_file f = { .text = c->after,
		.mode = c->mode,
		.uid = c->uid,
		.gid = c->gid,
		.like = like };

	return step(journal->root, c->path, &f, err);
}

/* All are ready, and their space taken, before the first of them changes. */
static int write_files(struct journal *journal, struct err *err)
{
	int r = atomic_make_dirs(journal->root, journal->set.made_dirs, 0755, err);

	for (size_t i = 0; r == 0 && i < journal->set.steps.n_changes; i++)
		r = with_file(journal, i, err, atomic_prepare);
	for (size_t i = 0; r == 0 && i < journal->set.steps.n_changes; i++) {
		const struct change *c = &journal->set.steps.changes[i];

		journal_step(journal, "%s %s", c->after ? "write" : "remove", c->path);
		r = with_file(journal, i, err, atomic_commit);
	}
	return r;
}

/* 0 where it ran, 1 where it was only listed. */
static int run_one(struct journal *journal, char *const *argv, struct err *err)
{
	autofree char *line = strv_join(argv, " "), *note = NULL;
	int possible;

	journal_step(journal, "run %s", line);
	if (journal->log_fd >= 0)
		dprintf(journal->log_fd, "$ %s\n", line);
	possible =
		journal->options->no_run ? 0 : exec_possible(journal->root, argv[0], err);
	if (possible < 0)
		return possible;
	if (!possible) {
		note = text_printf("Not run; to be run by hand on that host: %s", line);
		tell_output(journal, note);
		return 1;
	}
	return exec_command(journal->root, argv, journal->log_fd, journal->lock.fd,
		journal->progress, err);
}

static int run_commands(struct journal *journal, struct err *err)
{
	for (size_t i = 0; i < journal->set.steps.n_commands; i++) {
		int r;

		journal->n_commands_run = i + 1;
		r = run_one(journal, journal->set.steps.commands[i].argv, err);
		if (r == 0)
			r = artifacts_check(
				journal->root, &journal->set, i, journal->progress, err);
		if (r < 0)
			return r;
	}
	return 0;
}

static int move_devices(
	struct journal *journal, const struct steps *steps, struct err *err)
{
	size_t n = steps->n_moves;
	struct mover mover = {
		.root = journal->root,
		.progress = journal->progress,
		.log_fd = journal->log_fd,
	};
	int r;

	if (!n)
		return 0;
	journal_step(journal, "move %zu device%s", n, n == 1 ? "" : "s");
	r = moves_run(&mover, steps->moves, n, err);
	journal->stuck = mover.stuck;
	return r;
}

/* Appends to the sentence that is already there. */
static void add_to(struct err *err, const char *text, const char *detail)
{
	size_t n = strlen(err->text);

	(void)snprintf(err->text + n, sizeof(err->text) - n, "%s %s%s",
		n && err->text[n - 1] != '.' ? "." : "", text, detail);
}

/* A directory that the work took away comes back with the file in it. */
static int put_dirs_back(struct journal *journal, const struct change *c, struct err *err)
{
	autostrv char **dirs = NULL;

	int r = c->after ? atomic_missing_dirs(journal->root, c->path, &dirs, err) : 0;

	return r < 0 ? r : atomic_make_dirs(journal->root, dirs, 0755, err);
}

/* One that was not reached, or not written, stays untouched. */
static int put_file_back(
	struct journal *journal, const struct set_file *f, struct err *err)
{
	CLEANUP(restore_plan_done) struct restore_plan back = { 0 };
	autofree char *like = store_copy_path(journal->set.id, "before", f->path);
	const struct change *c;
	int r = restore_plan_file(journal->root, &journal->set, f, SIDE_BEFORE,
		journal->options, &back, err);

	if (r == 0 && back.n_conflicts)
		return err_set(err, -ESTALE, "%s", back.conflicts[0].why);
	if (r < 0 || !back.steps.n_changes)
		return r;
	c = &back.steps.changes[0];
	r = put_dirs_back(journal, c, err);
	return r < 0 ? r
		     : atomic_write(journal->root, f->path,
			       &(struct atomic_file){ .text = c->after,
				       .mode = c->mode,
				       .uid = c->uid,
				       .gid = c->gid,
				       .like = like },
			       err);
}

/* What writing these files and making these images has left when it was cut short. */
static void remove_temporaries(const struct journal *journal)
{
	for (size_t i = 0; i < journal->set.n_files; i++)
		atomic_remove_temporary(journal->root, journal->set.files[i].path);
	for (size_t i = 0; i < journal->set.steps.n_artifacts; i++)
		atomic_remove_temporary(
			journal->root, journal->set.steps.artifacts[i].path);
}

static int put_files_back(struct journal *journal, struct err *err)
{
	struct err one;
	int r = 0;

	remove_temporaries(journal);
	for (size_t i = journal->set.n_files; i-- > 0;)
		if (put_file_back(journal, &journal->set.files[i], &one) < 0) {
			*err = one;
			r = one.code;
		}
	if (atomic_remove_dirs(journal->root, journal->set.made_dirs, &one) < 0) {
		*err = one;
		r = one.code;
	}
	return r;
}

/*
 * What the commands that ran have made goes back, by the copies or by the commands.
 * *ret_failed is a command that did not even do its work as it was before.
 */
static int put_products_back(
	struct journal *journal, struct err *ret_failed, struct err *err)
{
	for (size_t i = 0; i < journal->n_commands_run; i++) {
		const struct command *c = &journal->set.steps.commands[i];
		int r = c->undo ? 0
				: artifacts_put_back(
					  journal->root, &journal->set, i, err);

		if (r < 0)
			return r;
		if (r == 0)
			(void)run_one(journal, c->undo ?: c->argv, ret_failed);
	}
	return 0;
}

/* Those that failed are back already, but for one that hangs. */
static int put_moves_back(struct journal *journal, struct err *err)
{
	CLEANUP(restore_plan_done) struct restore_plan back = { 0 };
	int r = journal->stuck
			? err_set(err, -EBUSY, "A device hangs: see above.")
			: restore_plan_moves(journal->root, &journal->set, &back, err);

	return r < 0 ? r : move_devices(journal, &back.steps, err);
}

int journal_put_back(struct journal *journal, struct err *err)
{
	struct err problem = { 0 }, failed = { 0 };

	if (put_files_back(journal, &problem) < 0)
		return err_set(err, problem.code, "Not every file could be put back: %s",
			problem.text);
	if (put_products_back(journal, &failed, &problem) < 0)
		return err_set(err, problem.code,
			"Every file was put back as it was, but not what the commands make of them: %s",
			problem.text);
	if (put_moves_back(journal, err) < 0)
		return err->code;
	journal->set.state = SET_ROLLED_BACK;
	if (store_save(journal->root, &journal->set, err) < 0)
		return err->code;
	if (failed.code < 0)
		return err_set(err, failed.code,
			"Every file was put back as it was. Run this again once its cause is mended: %s",
			failed.text);
	artifacts_forget(journal->root, &journal->set);
	return 0;
}

/* Says in one sentence more what became of it. */
static void roll_back(struct journal *journal, struct err *err)
{
	struct err problem = { 0 };

	tell_output(journal, "Putting everything back.");
	if (journal_put_back(journal, &problem) < 0 && !journal->stuck)
		add_to(err, problem.text, "");
	else if (journal->set.n_files)
		add_to(err, "Every file was put back as it was.", "");
}

/* Directories that pciferry made: the set that is undone, which is known even if its
 * manifest cannot be read now, and any other: one may have been in use when that was
 * undone. */
static int remove_made_dirs(const struct journal *journal, struct err *err)
{
	autosets struct sets sets = { 0 };
	int r = atomic_remove_dirs(journal->root, journal->undoes->made_dirs, err);

	if (r == 0)
		r = sets_scan(journal->root, &sets, err);
	for (size_t i = sets.n; r == 0 && i-- > 0;)
		if (sets.list[i].state != SET_DAMAGED)
			r = atomic_remove_dirs(
				journal->root, sets.list[i].made_dirs, err);
	return r;
}

static int reach(struct journal *journal, enum set_state state, struct err *err)
{
	journal->set.state = state;
	return store_save(journal->root, &journal->set, err);
}

int journal_run(struct journal *journal, struct err *err)
{
	int r;

	journal->log_fd = store_open_log(journal->root, &journal->set);
	remove_temporaries(journal);
	r = write_files(journal, err);
	if (r == 0 && journal->undoes)
		r = remove_made_dirs(journal, err);
	if (r == 0)
		r = reach(journal, SET_WRITTEN, err);
	if (r == 0)
		r = run_commands(journal, err);
	if (r == 0)
		r = move_devices(journal, &journal->set.steps, err);
	if (r == 0)
		r = reach(journal, SET_REBUILT, err);
	if (r == 0)
		r = reach(journal, SET_APPLIED, err);
	if (r < 0)
		roll_back(journal, err);
	else
		artifacts_forget(journal->root, &journal->set);
	return r;
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

int journal_start(struct journal *journal, const struct root *root,
	const struct backup_options *options, const struct progress *progress,
	struct err *err)
{
	*journal = (struct journal){ .root = root,
		.options = options,
		.progress = progress,
		.log_fd = -1,
		.lock = { .fd = -1 } };
	hold_signals(&journal->signals);
	return lock_take(root, &journal->lock, err);
}
