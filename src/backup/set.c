// SPDX-License-Identifier: GPL-2.0-or-later
#include "backup/set.h"
#include "assets.h"
#include "backup/manifest.h"
#include "backup/artifact.h"
#include "core/base/buf.h"
#include "core/base/strv.h"
#include "core/base/text.h"
#include "core/verify/expect.h"

#include <sha256.h>
#include <sys/types.h>
#include <fcntl.h>
#include <time.h>

#define ID_DIGITS 4

char *set_dir(const char *id)
{
	return text_printf(SETS_PATH "/%s", id);
}

char *set_copy_path(const char *id, const char *side, const char *path)
{
	return text_printf(SETS_PATH "/%s/%s%s", id, side, path);
}

static char *set_path(const struct set *set, const char *side, const char *path)
{
	return set_copy_path(set->id, side, path);
}

void text_sha256(const char *text, char *hex)
{
	(void)SHA256Data((const uint8_t *)text, strlen(text), hex);
}

void set_done(struct set *set)
{
	free(set->id);
	free(set->time);
	free(set->summary);
	free(set->undoes);
	for (size_t i = 0; i < set->n_files; i++) {
		free(set->files[i].path);
		free(set->files[i].why);
	}
	free(set->files);
	strv_free(set->made_dirs);
	for (size_t i = 0; set->kept && i < set->steps.n_artifacts; i++)
		strv_free(set->kept[i].beside);
	free(set->kept);
	steps_done(&set->steps);
	expectations_done(&set->expects);
	free(set->boot_id);
	free(set->problem);
	*set = (struct set){ 0 };
}

int set_make_dirs(const struct root *root, const char *path, struct err *err)
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
	int r = set_make_dirs(root, path, err);

	f.uid = geteuid();
	f.gid = getegid();
	return r < 0 ? r : atomic_write(root, path, &f, err);
}

int set_save(const struct root *root, const struct set *set, struct err *err)
{
	autofree char *text = NULL, *path = set_path(set, "", "manifest.json");
	int r = path ? manifest_format(set, &text) : -ENOMEM;

	return r < 0 ? err_oom(err)
		     : write_own(root, path,
			       &(struct atomic_file){ .text = text, .mode = 0600 }, err);
}

static int write_copy(const struct root *root, const struct set *set, const char *side,
	const char *path, char *text, struct err *err)
{
	autofree char *copy = set_path(set, side, path);
	const struct atomic_file f = { .text = text, .mode = 0600, .like = path };

	if (!copy)
		return err_oom(err);
	return text ? write_own(root, copy, &f, err) : 0;
}

/* A line a file for restore.sh: what to do, and what it needs for that. */
static int write_list(const struct root *root, const struct set *set, struct err *err)
{
	autofree char *path = set_path(set, "", "restore.list"), *text = NULL;
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
		autofree char *argv = NULL;

		if (strv_join(set->steps.commands[i].argv, " ", &argv) < 0)
			return err_oom(err);
		buf_printf(&b, "run %s\n", argv);
	}
	if (!path || buf_take(&b, &text) < 0)
		return err_oom(err);
	return write_own(
		root, path, &(struct atomic_file){ .text = text, .mode = 0600 }, err);
}

static int write_restore_script(
	const struct root *root, const struct set *set, struct err *err)
{
	autofree char *path = set_path(set, "", "restore.sh"),
		      *text = strdup(asset_restore_sh);

	if (!path || !text)
		return err_oom(err);
	return write_own(
		root, path, &(struct atomic_file){ .text = text, .mode = 0700 }, err);
}

/* The highest number among those that were pruned. */
#define PRUNED_PATH "/var/lib/pciferry/pruned"

int set_remember(const struct root *root, const char *id, struct err *err)
{
	autofree char *text = NULL;

	if (asprintf(&text, "%s\n", id) < 0)
		return text = NULL, err_oom(err);
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
	return text_set(ret, "%0*lu", ID_DIGITS, last + 1) < 0 ? err_oom(err) : 0;
}

static char *time_now(void)
{
	time_t now = time(NULL);
	struct tm tm;
	char text[32];

	if (!gmtime_r(&now, &tm) ||
		!strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm))
		return NULL;
	return strdup(text);
}

static int add_file(
	struct set *set, const struct change *c, const struct atomic_file *before)
{
	struct set_file *f;

	if (GROW(set->files, set->n_files) < 0)
		return -ENOMEM;
	f = &set->files[set->n_files++];
	f->path = strdup(c->path);
	f->why = strdup(c->why);
	if (before->text) {
		f->before = (struct set_side){ true, "", before->mode, before->uid,
			before->gid };
		text_sha256(before->text, f->before.sha256);
	}
	if (c->after) {
		f->after = (struct set_side){ true, "", c->mode, c->uid, c->gid };
		text_sha256(c->after, f->after.sha256);
	}
	return f->path && f->why ? 0 : -ENOMEM;
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

static int set_fill(const struct root *root, struct set *set,
	const struct atomic_file *before, struct err *err)
{
	int r = check_paths(root, &set->steps, err);

	for (size_t i = 0; r == 0 && i < set->steps.n_changes; i++) {
		const struct change *c = &set->steps.changes[i];

		if (add_file(set, c, &before[i]) < 0)
			return err_oom(err);
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
	return r < 0 ? r : set_save(root, set, err);
}

int set_create(const struct root *root, struct set *set, const struct atomic_file *before,
	struct err *err)
{
	autofree char *dir = NULL;
	int r = next_id(root, &set->id, err);

	if (r < 0)
		return r;
	set->state = SET_PREPARED;
	set->time = time_now();
	dir = set_dir(set->id);
	if (!set->time || !dir)
		return err_oom(err);
	r = set_fill(root, set, before, err);
	if (r < 0) /* no set at all, rather than one that nothing was done for */
		atomic_remove_tree(root, dir);
	return r;
}

int set_read_copy(const struct root *root, const struct set *set,
	const struct set_file *f, const char *side, char **ret, struct err *err)
{
	autofree char *path = set_path(set, side, f->path), *text = NULL;
	const struct set_side *kept = streq(side, "before") ? &f->before : &f->after;
	char sum[65];
	int r;

	if (!path)
		return err_oom(err);
	if (!kept->present)
		return *ret = NULL, 0;
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
	int r = set_read_copy(root, set, f, "before", &before, err);

	if (r == 0)
		r = set_read_copy(root, set, f, "after", &after, err);
	if (r < 0)
		return r;
	change.before = before;
	change.after = after;
	return steps_add_change(ret, &change) < 0 ? err_oom(err) : 0;
}

int set_steps(const struct root *root, const struct set *set, struct steps *ret,
	struct err *err)
{
	struct steps steps = { 0 };
	int r = 0;

	for (size_t i = 0; r == 0 && i < set->n_files; i++)
		r = read_change(root, set, &set->files[i], &steps, err);
	if (r == 0 && steps_copy(&set->steps, &steps) < 0)
		r = err_oom(err);
	if (r < 0)
		steps_done(&steps);
	else
		*ret = steps;
	return r;
}

int set_open_log(const struct root *root, const struct set *set)
{
	autofree char *path = set_path(set, "", "log");

	return path ? root_openat(root, path, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW,
			      0600)
		    : -ENOMEM;
}

static const char *const state_words[] = {
	[SET_PREPARED] = "prepared",
	[SET_WRITTEN] = "written",
	[SET_REBUILT] = "rebuilt",
	[SET_APPLIED] = "applied",
	[SET_ROLLED_BACK] = "rolled-back",
	[SET_UNDONE] = "undone",
	[SET_ENDED] = "ended",
	[SET_DAMAGED] = "damaged",
};

const char *set_state_to_string(enum set_state state)
{
	return state_words[state];
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

static int read_set(const struct root *root, const char *id, struct set *ret)
{
	autofree char *dir = set_dir(id), *path = NULL, *text = NULL;
	struct err err;
	int r;

	if (!dir || text_set(&path, "%s/manifest.json", dir) < 0)
		return -ENOMEM;
	r = check_owner(root, SETS_PATH, &err);
	if (r == 0)
		r = check_owner(root, dir, &err);
	if (r == 0)
		r = check_owner(root, path, &err);
	if (r == 0)
		r = root_read_text(root, path, &text, &err);
	if (r == 0)
		r = manifest_parse(id, text, ret, &err);
	if (r == 0 || r == -ENOMEM)
		return r;
	ret->state = SET_DAMAGED;
	ret->id = strdup(id);
	ret->problem = strdup(err.text);
	return ret->id && ret->problem ? 0 : -ENOMEM;
}

bool set_unborn(const struct root *root, const char *id)
{
	/* No command has logged anything either. */
	char manifest[64], log[64];

	(void)snprintf(manifest, sizeof(manifest), SETS_PATH "/%.16s/manifest.json", id);
	(void)snprintf(log, sizeof(log), SETS_PATH "/%.16s/log", id);
	return root_has(root, manifest, NULL) == 0 && root_has(root, log, NULL) == 0;
}

/* By number: "1" finds 0001. */
static struct set *find_set(const struct sets *sets, const char *id)
{
	bool number = id[0] && id[strspn(id, "0123456789")] == '\0';

	for (size_t i = 0; number && i < sets->n; i++)
		if (strtoul(sets->list[i].id, NULL, 10) == strtoul(id, NULL, 10))
			return &sets->list[i];
	return NULL;
}

bool set_only_moves(const struct set *set)
{
	return set->steps.n_moves && !set->n_files;
}

/* A reboot ends what was only moved; until then the host's own state counts. */
static void derive_ended(const struct root *root, struct set *set)
{
	if (set_only_moves(set) && !set_pending(root, set) &&
		(set->state == SET_APPLIED || set_unfinished(set)))
		set->state = SET_ENDED;
}

/*
 * What later sets make of earlier ones is not written down but follows: a set that a
 * finished one undid is undone, unless that one was undone itself.
 */
static void derive_states(struct sets *sets)
{
	for (size_t i = sets->n; i-- > 0;) {
		struct set *set = &sets->list[i], *undone;

		if (!set->undoes || set->state != SET_APPLIED)
			continue;
		undone = find_set(sets, set->undoes);
		if (undone && undone < set && undone->state != SET_DAMAGED)
			undone->state = SET_UNDONE;
	}
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
		if (strspn(name, "0123456789") != strlen(name) || set_unborn(root, name))
			continue;
		if (GROW(sets.list, sets.n) < 0 ||
			read_set(root, name, &sets.list[sets.n++]) < 0)
			return err_oom(err);
	}
	for (size_t i = 0; i < sets.n; i++)
		derive_ended(root, &sets.list[i]);
	derive_states(&sets);
	*ret = sets;
	sets = (struct sets){ 0 };
	return 0;
}

void sets_done(struct sets *sets)
{
	for (size_t i = 0; i < sets->n; i++)
		set_done(&sets->list[i]);
	free(sets->list);
	*sets = (struct sets){ 0 };
}

const struct set *sets_find(const struct sets *sets, const char *id)
{
	return find_set(sets, id);
}

int sets_named(
	const struct sets *sets, const char *id, const struct set **ret, struct err *err)
{
	const struct set *set = find_set(sets, id);

	if (!set)
		return err_set(
			err, -ENOENT, "There is no set %s: see pciferry history.", id);
	*ret = set;
	return 0;
}

bool set_unfinished(const struct set *set)
{
	return set->state == SET_PREPARED || set->state == SET_WRITTEN ||
	       set->state == SET_REBUILT;
}

const struct set *sets_newest(const struct sets *sets)
{
	const struct set *last = sets->n ? &sets->list[sets->n - 1] : NULL;

	if (last && set_unfinished(last))
		return last;
	for (size_t i = sets->n; i-- > 0;) {
		const struct set *set = &sets->list[i];

		if (!set->undoes && set->state == SET_APPLIED)
			return set;
	}
	return last && last->state == SET_DAMAGED ? last : NULL;
}

bool set_pending(const struct root *root, const struct set *set)
{
	autofree char *now = NULL;

	return set->boot_id &&
	       root_read_attr(root, "/proc/sys/kernel/random/boot_id", &now) == 0 &&
	       streq(now, set->boot_id);
}

const struct set *sets_in_force(const struct sets *sets)
{
	for (size_t i = sets->n; i-- > 0;)
		if (sets->list[i].state == SET_APPLIED && !set_only_moves(&sets->list[i]))
			return &sets->list[i];
	return NULL;
}

static const char *home_in(const struct set *set, const char *address, const char *id)
{
	for (size_t i = set->steps.n_moves; i-- > 0;) {
		const struct move *m = &set->steps.moves[i];

		if (streq(m->address, address) && streq(m->id, id) && m->before &&
			!streq(m->before, "vfio-pci"))
			return m->before;
	}
	for (size_t i = 0; i < set->expects.n; i++) {
		const struct expectation *e = &set->expects.list[i];

		if (streq(e->address, address) && streq(e->id, id) && e->before &&
			!streq(e->before, "vfio-pci"))
			return e->before;
	}
	return NULL;
}

const char *sets_home(const struct sets *sets, const char *address, const char *id)
{
	const char *home = NULL;

	for (size_t i = sets->n; i-- > 0 && !home;)
		home = home_in(&sets->list[i], address, id);
	return home;
}

int sets_homes(const struct sets *sets, const struct claims *devices, char ***ret)
{
	for (size_t i = 0; i < devices->n; i++) {
		const struct claim *claim = &devices->list[i];
		const char *home = sets_home(sets, claim->address, claim->id);
		autofree char *text = NULL;

		if (home && text_set(&text, "%s=%s", claim->address, home) < 0)
			return -ENOMEM;
		if (home && strv_add(ret, text) < 0)
			return -ENOMEM;
	}
	return 0;
}
