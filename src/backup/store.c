// SPDX-License-Identifier: GPL-2.0-or-later
#include "backup/store.h"
#include "assets.h"
#include "backup/artifact.h"
#include "backup/manifest.h"
#include "backup/origin.h"
#include "core/base/buf.h"
#include "core/base/strv.h"
#include "core/base/text.h"

#include <sha256.h>
#include <sys/types.h>
#include <fcntl.h>
#include <time.h>

#define ID_DIGITS 4

char *store_dir(const char *id)
{
	return text_printf(SETS_PATH "/%s", id);
}

char *store_copy_path(const char *id, const char *side, const char *path)
{
	return text_printf(SETS_PATH "/%s/%s%s", id, side, path);
}

static char *path_in(const struct set *set, const char *side, const char *path)
{
	return store_copy_path(set->id, side, path);
}

void text_sha256(const char *text, char *hex)
{
	(void)SHA256Data((const uint8_t *)text, strlen(text), hex);
}

int store_make_dirs(const struct root *root, const char *path, struct err *err)
{
	autostrv char **dirs = NULL;
	int r = atomic_missing_dirs(root, path, &dirs, err);

	for (size_t i = 0; r == 0 && dirs && dirs[i]; i++) {
		char *one[] = { dirs[i], NULL };
		bool ours = after_prefix(dirs[i], "/var/lib/pciferry");

		r = atomic_make_dirs(root, one, ours ? 0700 : 0755, err);
	}
	return r;
}

/* A file of the set itself; root's alone. */
static int write_own(const struct root *root, const char *path,
	const struct atomic_file *own, struct err *err)
{
	struct atomic_file f = *own;
	int r = store_make_dirs(root, path, err);

	f.uid = geteuid();
	f.gid = getegid();
	return r < 0 ? r : atomic_write(root, path, &f, err);
}

int store_save(const struct root *root, const struct set *set, struct err *err)
{
	autofree char *text = NULL, *path = path_in(set, "", "manifest.json");
	int r = manifest_format(set, &text);

	return r < 0 ? err_errno(err, r, "Cannot write %s%s", root_shown(root), path)
		     : write_own(root, path,
			       &(struct atomic_file){ .text = text, .mode = 0600 }, err);
}

static int write_copy(const struct root *root, const struct set *set, const char *side,
	const char *path, char *text, struct err *err)
{
	autofree char *copy = path_in(set, side, path);
	const struct atomic_file f = { .text = text, .mode = 0600, .like = path };

	return text ? write_own(root, copy, &f, err) : 0;
}

/* A line a file for restore.sh: what to do, and what it needs for that. */
static int write_list(const struct root *root, const struct set *set, struct err *err)
{
	autofree char *path = path_in(set, "", "restore.list"), *text = NULL;
	autobuf struct buf b = { 0 };

	for (size_t i = 0; i < set->n_files; i++) {
		const struct set_file *f = &set->files[i];
		const char *now = f->after.present ? f->after.sha256 : "absent";

		if (f->before.present)
			buf_printf(&b, "file %s %s %04o %u %u %s\n", f->before.sha256,
				now, f->before.mode, f->before.uid, f->before.gid,
				f->path);
		else
			buf_printf(&b, "file absent %s - - - %s\n", now, f->path);
	}
	for (size_t i = strv_len(set->made_dirs); i-- > 0;)
		buf_printf(&b, "dir %s\n", set->made_dirs[i]);
	for (size_t i = 0; i < set->steps.n_commands; i++) {
		autofree char *argv = strv_join(set->steps.commands[i].argv, " ");

		buf_printf(&b, "run %s\n", argv);
	}
	text = buf_take(&b);
	return write_own(
		root, path, &(struct atomic_file){ .text = text, .mode = 0600 }, err);
}

static int write_restore_script(
	const struct root *root, const struct set *set, struct err *err)
{
	/* A comment of its own line: the words are a module's names and commas. */
	const char *way_out =
		set->expects.way_out ?: "pciferry.off module_blacklist=vfio_pci";
	const char *at = strstr(asset_restore_sh, "@WAY_OUT@");
	autofree char *path = path_in(set, "", "restore.sh"), *text = NULL;

	text = at ? text_printf("%.*s%s%s", (int)(at - asset_restore_sh),
			    asset_restore_sh, way_out, at + strlen("@WAY_OUT@"))
		  : xstrdup(asset_restore_sh);
	return write_own(
		root, path, &(struct atomic_file){ .text = text, .mode = 0700 }, err);
}

/* The highest number among those that were pruned. */
#define PRUNED_PATH "/var/lib/pciferry/pruned"

int store_remember(const struct root *root, const char *id, struct err *err)
{
	autofree char *text = text_printf("%s\n", id);

	return write_own(root, PRUNED_PATH,
		&(struct atomic_file){ .text = text, .mode = 0600 }, err);
}

static int next_id(const struct root *root, char **ret, struct err *err)
{
	autofree char *pruned = NULL;
	autostrv char **names = NULL;
	unsigned long last;
	int r = root_list(root, SETS_PATH, &names);

	if (r < 0 && r != -ENOENT)
		return err_errno(err, r, "Cannot list %s" SETS_PATH, root_shown(root));
	r = root_read_attr(root, PRUNED_PATH, &pruned);
	if (r < 0 && r != -ENOENT)
		return err_errno(err, r, "Cannot read %s" PRUNED_PATH, root_shown(root));
	last = pruned ? strtoul(pruned, NULL, 10) : 0;
	strv_foreach (name, names) {
		unsigned long n = strtoul(name, NULL, 10);

		last = n > last ? n : last;
	}
	*ret = text_printf("%0*lu", ID_DIGITS, last + 1);
	return 0;
}

static char *time_now(void)
{
	time_t now = time(NULL);
	struct tm tm;
	char text[32];

	if (!gmtime_r(&now, &tm) ||
		!strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm))
		return NULL;
	return xstrdup(text);
}

static void add_file(
	struct set *set, const struct change *c, const struct atomic_file *before)
{
	struct set_file *f;

	GROW(set->files, set->n_files);
	f = &set->files[set->n_files++];
	f->path = xstrdup(c->path);
	f->why = xstrdup(c->why);
	if (before->text) {
		f->before = (struct set_side){ true, "", before->mode, before->uid,
			before->gid };
		text_sha256(before->text, f->before.sha256);
	}
	if (c->after) {
		f->after = (struct set_side){ true, "", c->mode, c->uid, c->gid };
		text_sha256(c->after, f->after.sha256);
	}
}

/* A set that names another one could not be read again, so not be undone. */
static int check_path(const struct root *root, const char *path, struct err *err)
{
	return manifest_path_ok(path)
		       ? 0
		       : err_set(err, -EINVAL,
				 "%s%s has \"..\", \"//\" or a control character in its path, which no set can keep: rename it first, or name it otherwise.",
				 root_shown(root), path);
}

static int check_paths(
	const struct root *root, const struct steps *steps, struct err *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < steps->n_changes; i++)
		r = check_path(root, steps->changes[i].path, err);
	for (size_t i = 0; r == 0 && i < steps->n_artifacts; i++)
		r = check_path(root, steps->artifacts[i].path, err);
	return r;
}

static int store_fill(const struct root *root, struct set *set,
	const struct atomic_file *before, struct err *err)
{
	int r = check_paths(root, &set->steps, err);

	for (size_t i = 0; r == 0 && i < set->steps.n_changes; i++) {
		const struct change *c = &set->steps.changes[i];

		add_file(set, c, &before[i]);
		r = write_copy(root, set, "before", c->path, before[i].text, err);
		if (r == 0)
			r = write_copy(root, set, "after", c->path, c->after, err);
	}
	if (r == 0)
		r = artifacts_keep(root, set, err);
	if (r == 0)
		r = write_list(root, set, err);
	if (r == 0)
		r = write_restore_script(root, set, err);
	return r < 0 ? r : store_save(root, set, err);
}

int store_create(const struct root *root, struct set *set,
	const struct atomic_file *before, struct err *err)
{
	autofree char *dir = NULL;
	int r = next_id(root, &set->id, err);

	if (r < 0)
		return r;
	set->state = SET_PREPARED;
	set->time = time_now();
	if (!set->time)
		return err_errno(err, -EOVERFLOW, "Cannot tell the time");
	dir = store_dir(set->id);
	if (!set->origin)
		set->origin = xstrdup(set->id);
	r = store_fill(root, set, before, err);
	if (r < 0) /* no set at all, rather than one that nothing was done for */
		atomic_remove_tree(root, dir);
	return r;
}

int store_read_copy(const struct root *root, const struct set *set,
	const struct set_file *f, const char *side, char **ret, struct err *err)
{
	autofree char *path = path_in(set, side, f->path), *text = NULL;
	const struct set_side *kept = streq(side, "before") ? &f->before : &f->after;
	char sum[65];
	int r;

	if (!kept->present) {
		*ret = NULL;
		return 0;
	}
	r = root_read_text(root, path, &text, err);
	if (r < 0)
		return r;
	text_sha256(text, sum);
	if (!streq(sum, kept->sha256))
		return err_set(err, -EIO,
			"Set %s is damaged: %s does not have the checksum its manifest names.",
			set->id, path);
	*ret = TAKE(text);
	return 0;
}

static int read_change(const struct root *root, const struct set *set,
	const struct set_file *f, struct steps *ret, struct err *err)
{
	const struct set_side *side = f->after.present ? &f->after : &f->before;
	autofree char *before = NULL, *after = NULL;
	struct change change = { .path = f->path,
		.mode = side->mode,
		.uid = side->uid,
		.gid = side->gid,
		.why = f->why };
	int r = store_read_copy(root, set, f, "before", &before, err);

	if (r == 0)
		r = store_read_copy(root, set, f, "after", &after, err);
	if (r < 0)
		return r;
	change.before = before;
	change.after = after;
	steps_add_change(ret, &change);
	return 0;
}

int store_read_steps(const struct root *root, const struct set *set, struct steps *ret,
	struct err *err)
{
	struct steps steps = { 0 };
	int r = 0;

	for (size_t i = 0; r == 0 && i < set->n_files; i++)
		r = read_change(root, set, &set->files[i], &steps, err);
	if (r < 0) {
		steps_done(&steps);
		return r;
	}
	steps_copy(&set->steps, &steps);
	*ret = steps;
	return 0;
}

int store_open_log(const struct root *root, const struct set *set)
{
	autofree char *path = path_in(set, "", "log");

	return root_openat(root, path, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW, 0600);
}

/*
 * A set names files that root will write and programs that root will run. So it counts
 * only where nobody but root (or whoever runs this) can have written it.
 */
static int check_owner(const struct root *root, const char *path, struct err *err)
{
	struct stat st;
	int r = root_stat(root, path, &st);

	if (r < 0)
		return err_errno(err, r, "Cannot look at %s%s", root_shown(root), path);
	if ((st.st_uid == 0 || st.st_uid == geteuid()) && !(st.st_mode & 022))
		return 0;
	return err_set(err, -EPERM,
		"%s%s can be written by others than root, so what is in it is not trusted. Where you know that it is good: chown root and chmod go-w it.",
		root_shown(root), path);
}

static void store_read(const struct root *root, const char *id, struct set *ret)
{
	autofree char *dir = store_dir(id), *text = NULL,
		      *path = text_printf("%s/manifest.json", dir);
	struct err err;
	int r = check_owner(root, SETS_PATH, &err);

	if (r == 0)
		r = check_owner(root, dir, &err);
	if (r == 0)
		r = check_owner(root, path, &err);
	if (r == 0)
		r = root_read_text(root, path, &text, &err);
	if (r == 0)
		r = manifest_parse(id, text, ret, &err);
	if (r == 0)
		return;
	ret->state = SET_DAMAGED;
	ret->id = xstrdup(id);
	ret->problem = xstrdup(err.text);
}

bool store_unborn(const struct root *root, const char *id)
{
	/* No command has logged anything either. */
	char manifest[64], log[64];

	(void)snprintf(manifest, sizeof(manifest), SETS_PATH "/%.16s/manifest.json", id);
	(void)snprintf(log, sizeof(log), SETS_PATH "/%.16s/log", id);
	return root_has(root, manifest, NULL) == 0 && root_has(root, log, NULL) == 0;
}

int sets_scan(const struct root *root, struct sets *ret, struct err *err)
{
	autosets struct sets sets = { 0 };
	autostrv char **names = NULL;
	int r = root_list(root, SETS_PATH, &names);

	if (r < 0 && r != -ENOENT && r != -ENOTDIR)
		return err_errno(err, r, "Cannot list %s" SETS_PATH, root_shown(root));
	strv_sort_versions(names);
	strv_foreach (name, names) {
		if (strspn(name, "0123456789") != strlen(name) ||
			store_unborn(root, name))
			continue;
		GROW(sets.list, sets.n);
		store_read(root, name, &sets.list[sets.n++]);
	}
	for (size_t i = 0; i < sets.n; i++)
		origin_derive(&sets, &sets.list[i]);
	sets_derive(root, &sets);
	*ret = sets;
	sets = (struct sets){ 0 };
	return 0;
}
