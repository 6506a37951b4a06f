// SPDX-License-Identifier: GPL-2.0-or-later
#include "backup/journal.h"
#include "backup/moves.h"
#include "backup/restore_plan.h"
#include "backup/artifact.h"
#include "core/base/strv.h"
#include "core/base/text.h"

#include <signal.h>
#include <stdarg.h>

void job_done(struct job *job)
{
	if (!job->root) /* never started */
		return;
	set_done(&job->set);
	closep(&job->log_fd);
	lock_drop(&job->lock);
	(void)pthread_sigmask(SIG_SETMASK, &job->signals, NULL);
}

void job_step(struct job *job, const char *fmt, ...)
{
	size_t total = 1 + job->n_changes + job->set.n_commands + !!job->set.n_moves;
	autofree char *what = NULL;
	va_list ap;

	va_start(ap, fmt);
	what = text_vprintf(fmt, ap);
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

/* One change, in either step of writing. */
static int with_file(struct job *job, size_t i, struct err *err,
	int (*step)(const struct root *root, const char *path, const struct disk_file *f,
		struct err *err))
{
	const struct change *c = &job->changes[i];
	const char *undoes = job->set.undoes;
	/* A file that comes back takes over what the set kept of it. */
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

/* All are ready, and their space taken, before the first of them changes. */
static int write_files(struct job *job, struct err *err)
{
	int r = disk_make_dirs(job->root, job->set.made_dirs, 0755, err);

	for (size_t i = 0; r == 0 && i < job->n_changes; i++)
		r = with_file(job, i, err, disk_prepare);
	for (size_t i = 0; r == 0 && i < job->n_changes; i++) {
		const struct change *c = &job->changes[i];

		job_step(job, "%s %s", c->after ? "write" : "remove", c->path);
		r = with_file(job, i, err, disk_commit);
	}
	return r;
}

/* 0 where it ran, 1 where it was only listed. */
static int run_one(struct job *job, char *const *argv, struct err *err)
{
	autofree char *line = NULL, *note = NULL;
	int possible;

	if (strv_join(argv, " ", &line) < 0)
		return err_oom(err);
	job_step(job, "run %s", line);
	if (job->log_fd >= 0)
		dprintf(job->log_fd, "$ %s\n", line);
	possible = job->options->no_run ? 0 : run_possible(job->root, argv[0], err);
	if (possible < 0)
		return possible;
	if (!possible) {
		if (text_set(&note, "Not run; to be run by hand on that host: %s", line) <
			0)
			return err_oom(err);
		tell_output(job, note);
		return 1;
	}
	return run_command(
		job->root, argv, job->log_fd, job->lock.fd, job->progress, err);
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

static int move_devices(
	struct job *job, const struct move *moves, size_t n, struct err *err)
{
	struct mover mover = {
		.root = job->root,
		.progress = job->progress,
		.log_fd = job->log_fd,
	};
	int r;

	if (!n)
		return 0;
	job_step(job, "move %zu device%s", n, n == 1 ? "" : "s");
	r = moves_run(&mover, moves, n, err);
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

/* A directory that the work took away comes back with the file in it. */
static int put_dirs_back(struct job *job, const struct change *c, struct err *err)
{
	autostrv char **dirs = NULL;

	int r = c->after ? disk_missing_dirs(job->root, c->path, &dirs, err) : 0;

	return r < 0 ? r : disk_make_dirs(job->root, dirs, 0755, err);
}

/* One that was not reached, or not written, stays untouched. */
static int put_file_back(struct job *job, const struct set_file *f, struct err *err)
{
	CLEANUP(preview_done) struct preview back = { 0 };
	autofree char *like = set_copy_path(job->set.id, "before", f->path);
	const struct change *c;
	int r = like ? preview_file(job->root, &job->set, f, SIDE_BEFORE, job->options,
			       &back, err)
		     : err_oom(err);

	if (r == 0 && back.n_conflicts)
		return err_set(err, -ESTALE, "%s", back.conflicts[0].why);
	if (r < 0 || !back.n_changes)
		return r;
	c = &back.changes[0];
	r = put_dirs_back(job, c, err);
	return r < 0 ? r
		     : disk_write(job->root, f->path,
			       &(struct disk_file){ .text = c->after,
				       .mode = c->mode,
				       .uid = c->uid,
				       .gid = c->gid,
				       .like = like },
			       err);
}

/* What writing these files and making these images has left when it was cut short. */
static void remove_temporaries(const struct job *job)
{
	for (size_t i = 0; i < job->set.n_files; i++)
		disk_remove_temporary(job->root, job->set.files[i].path);
	for (size_t i = 0; i < job->set.n_products; i++)
		disk_remove_temporary(job->root, job->set.products[i].product.path);
}

static int put_files_back(struct job *job, struct err *err)
{
	struct err one;
	int r = 0;

	remove_temporaries(job);
	for (size_t i = job->set.n_files; i-- > 0;)
		if (put_file_back(job, &job->set.files[i], &one) < 0) {
			*err = one;
			r = one.code;
		}
	if (disk_remove_dirs(job->root, job->set.made_dirs, &one) < 0) {
		*err = one;
		r = one.code;
	}
	return r;
}

/*
 * What the commands that ran have made goes back, by the copies or by the commands.
 * *ret_failed is a command that did not even do its work as it was before.
 */
static int put_products_back(struct job *job, struct err *ret_failed, struct err *err)
{
	for (size_t i = 0; i < job->n_commands_run; i++) {
		const struct command *c = &job->set.commands[i];
		int r = c->undo ? 0 : products_put_back(job->root, &job->set, i, err);

		if (r < 0)
			return r;
		if (r == 0)
			(void)run_one(job, c->undo ?: c->argv, ret_failed);
	}
	return 0;
}

/* Those that failed are back already, but for one that hangs. */
static int put_moves_back(struct job *job, struct err *err)
{
	CLEANUP(preview_done) struct preview back = { 0 };
	int r = job->stuck ? err_set(err, -EBUSY, "A device hangs: see above.")
			   : preview_moves(job->root, &job->set, &back, err);

	return r < 0 ? r : move_devices(job, back.moves, back.n_moves, err);
}

int job_put_back(struct job *job, struct err *err)
{
	struct err problem = { 0 }, failed = { 0 };

	if (put_files_back(job, &problem) < 0)
		return err_set(err, problem.code, "Not every file could be put back: %s",
			problem.text);
	if (put_products_back(job, &failed, &problem) < 0)
		return err_set(err, problem.code,
			"Every file was put back as it was, but not what the commands "
			"make of them: %s",
			problem.text);
	if (put_moves_back(job, err) < 0)
		return err->code;
	job->set.state = SET_ROLLED_BACK;
	if (set_save(job->root, &job->set, err) < 0)
		return err->code;
	if (failed.code < 0)
		return err_set(err, failed.code,
			"Every file was put back as it was. Run this again once its "
			"cause is mended: %s",
			failed.text);
	products_forget(job->root, &job->set);
	return 0;
}

/* Says in one sentence more what became of it. */
static void roll_back(struct job *job, struct err *err)
{
	struct err problem = { 0 };

	tell_output(job, "Putting everything back.");
	if (job_put_back(job, &problem) < 0 && !job->stuck)
		add_to(err, problem.text, "");
	else if (job->set.n_files)
		add_to(err, "Every file was put back as it was.", "");
}

/* Directories that pciferry made: the set that is undone, which is known even if its
 * manifest cannot be read now, and any other: one may have been in use when that was
 * undone. */
static int remove_made_dirs(const struct job *job, struct err *err)
{
	autosets struct sets sets = { 0 };
	int r = disk_remove_dirs(job->root, job->undoes->made_dirs, err);

	if (r == 0)
		r = sets_scan(job->root, &sets, err);
	for (size_t i = sets.n; r == 0 && i-- > 0;)
		if (sets.list[i].state != SET_DAMAGED)
			r = disk_remove_dirs(job->root, sets.list[i].made_dirs, err);
	return r;
}

static int reach(struct job *job, enum set_state state, struct err *err)
{
	job->set.state = state;
	return set_save(job->root, &job->set, err);
}

int job_run(struct job *job, struct err *err)
{
	int r;

	job->log_fd = set_open_log(job->root, &job->set);
	remove_temporaries(job);
	r = write_files(job, err);
	if (r == 0 && job->undoes)
		r = remove_made_dirs(job, err);
	if (r == 0)
		r = reach(job, SET_WRITTEN, err);
	if (r == 0)
		r = run_commands(job, err);
	if (r == 0)
		r = move_devices(job, job->set.moves, job->set.n_moves, err);
	if (r == 0)
		r = reach(job, SET_REBUILT, err);
	if (r == 0)
		r = reach(job, SET_APPLIED, err);
	if (r < 0)
		roll_back(job, err);
	else
		products_forget(job->root, &job->set);
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

int job_start(struct job *job, const struct root *root,
	const struct backup_options *options, const struct progress *progress,
	struct err *err)
{
	*job = (struct job){ .root = root,
		.options = options,
		.progress = progress,
		.log_fd = -1,
		.lock = { .fd = -1 } };
	hold_signals(&job->signals);
	return lock_take(root, &job->lock, err);
}
