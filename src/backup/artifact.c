// SPDX-License-Identifier: GPL-2.0-or-later
#include "backup/artifact.h"
#include "backup/store.h"
#include "core/base/strv.h"
#include "core/base/text.h"

#include <ctype.h>

/* grub.cfg of a host with a hundred kernels has a quarter of that. */
#define PRODUCT_TEXT_MAX ((size_t)16 << 20)

/* Left free besides: for the set itself, and for what else a host writes meanwhile. */
#define MARGIN ((uint64_t)8 << 20)

/*
 * What programs leave beside a artifact when they are cut short: update-initramfs of
 * Debian both, grub-mkconfig the first (their scripts say so). The next run of that
 * program takes it away; until then it takes the room of an image.
 */
static const char *const halves[] = { ".new", ".dpkg-bak" };

static int add_beside(const struct root *root, struct kept_artifact *kept,
	const char *path, struct err *err)
{
	struct stat st;
	int r = root_stat(root, path, &st);

	if (r == -ENOENT || r == -ENOTDIR)
		return 0;
	if (r < 0)
		return err_errno(err, r, "Cannot look at %s%s", root_shown(root), path);
	strv_add(&kept->beside, path);
	return 0;
}

static int remove_beside(const struct root *root, struct kept_artifact *kept,
	const char *path, struct err *err)
{
	return strv_has(kept->beside, path) ? 0 : atomic_remove(root, path, err);
}

static int for_beside(const struct root *root, const struct set *set, size_t at,
	struct err *err,
	int (*act)(const struct root *root, struct kept_artifact *kept, const char *path,
		struct err *err))
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(halves); i++) {
		autofree char *path =
			text_printf("%s%s", set->steps.artifacts[at].path, halves[i]);

		r = act(root, &set->kept[at], path, err);
	}
	return r;
}

/* Of the file system that has the sets, or will. */
static int sets_room(const struct root *root, uint64_t *ret)
{
	static const char *const dirs[] = { SETS_PATH, "/var/lib/pciferry", "/var/lib",
		"/var", "/" };
	int r = -ENOENT;

	for (size_t i = 0; r < 0 && i < ARRAY_SIZE(dirs); i++)
		r = atomic_room(root, dirs[i], ret);
	return r;
}

static uint64_t size_of(const struct root *root, const char *path)
{
	struct stat st;

	return root_stat(root, path, &st) == 0 ? (uint64_t)st.st_size : 0;
}

static bool room_for_all(const struct root *root, const struct steps *steps)
{
	uint64_t room, sum = MARGIN;

	for (size_t i = 0; i < steps->n_artifacts; i++)
		sum += size_of(root, steps->artifacts[i].path);
	return sets_room(root, &room) == 0 && room >= sum;
}

const char *backup_way_back(const struct root *root, const struct plan *plan)
{
	if (!plan->steps.n_artifacts)
		return NULL;
	return room_for_all(root, &plan->steps)
		       ? "If one of them fails, what they make comes back from copies."
		       : "There is no room for copies of what they make: if one fails, it is made anew from the files as they were.";
}

static int keep(const struct root *root, const struct set *set, size_t at, bool room,
	struct err *err)
{
	const char *path = set->steps.artifacts[at].path;
	struct kept_artifact *kept = &set->kept[at];
	autofree char *copy = store_copy_path(set->id, "made", path);
	struct stat st;
	int r = root_stat(root, path, &st);

	kept->how = KEPT_ABSENT;
	if (r == -ENOENT || r == -ENOTDIR)
		return 0;
	if (r < 0)
		return err_errno(err, r, "Cannot read %s%s", root_shown(root), path);
	kept->how = KEPT_NOT;
	if (!room)
		return 0;
	r = store_make_dirs(root, copy, err);
	if (r == 0)
		r = atomic_copy(root, path, copy, err);
	if (r == 0)
		kept->how = KEPT_COPY;
	return r == -ENOSPC || r == -EDQUOT ? 0 : r;
}

int artifacts_keep(const struct root *root, struct set *set, struct err *err)
{
	bool room = room_for_all(root, &set->steps);
	int r = 0;

	for (size_t i = 0; r == 0 && i < set->steps.n_artifacts; i++) {
		r = for_beside(root, set, i, err, add_beside);
		if (r == 0)
			r = keep(root, set, i, room, err);
	}
	return r;
}

static bool word_char(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '-';
}

/* As a word of its own: "iommu=pt" does not stand in "intel_iommu=pt". */
static bool stands_in(const char *text, const char *word)
{
	size_t len = strlen(word);

	for (const char *at = strstr(text, word); at; at = strstr(at + 1, word))
		if (!(at > text && word_char(at[-1]) && word_char(word[0])) &&
			!(word_char(at[len]) && word_char(word[len - 1])))
			return true;
	return false;
}

/* What the artifact has in it, as text. */
static int content(
	const struct root *root, const struct artifact *p, char **ret, struct err *err)
{
	autostrv char **argv = NULL;
	size_t len;
	int r;

	if (!p->list) {
		r = root_read(root, p->path, PRODUCT_TEXT_MAX, ret, &len);
		return r < 0 ? err_errno(err, r, "Cannot read %s%s", root_shown(root),
				       p->path)
			     : 0;
	}
	argv = strv_copy(p->list);
	strv_add(&argv, p->path);
	return exec_read(root, argv, ret, err);
}

static void artifact_tell(
	const struct progress *progress, const char *what, const char *why)
{
	autofree char *line = NULL;

	if (!progress || !progress->output)
		return;
	line = text_printf("%s was not looked into: %s", what, why);
	progress->output(progress->data, line);
}

static int check(const struct root *root, const struct artifact *artifact, enum kept kept,
	const struct progress *progress, struct err *err)
{
	autofree char *text = NULL;
	int r = root_has(root, artifact->path, err);

	if (r < 0)
		return r;
	if (r == 0) {
		if (kept != KEPT_ABSENT)
			return err_set(err, -EBADMSG, "%s%s is not there any more.",
				root_shown(root), artifact->path);
		artifact_tell(progress, artifact->path, "there is no such file.");
		return 0;
	}
	if (!artifact->list && !artifact->holds)
		return 0;
	r = artifact->list ? exec_possible(root, artifact->list[0], err) : 1;
	if (r < 0)
		return r;
	if (r == 0) {
		artifact_tell(
			progress, artifact->path, "its program is not on that host.");
		return 0;
	}
	r = content(root, artifact, &text, err);
	if (r < 0)
		return r;
	strv_foreach (word, artifact->holds)
		if (!stands_in(text, word))
			return err_set(err, -EBADMSG, "%s%s (%s) was made without %s.",
				root_shown(root), artifact->path, artifact->why, word);
	return 0;
}

int artifacts_check(const struct root *root, const struct set *set, size_t command,
	const struct progress *progress, struct err *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < set->steps.n_artifacts; i++)
		if (set->steps.artifacts[i].command == command)
			r = check(root, &set->steps.artifacts[i], set->kept[i].how,
				progress, err);
	return r;
}

/* Its copy has the very times of the original: nobody has written since. */
static bool untouched(const struct stat *now, const struct stat *kept)
{
	return now->st_size == kept->st_size &&
	       now->st_mtim.tv_sec == kept->st_mtim.tv_sec &&
	       now->st_mtim.tv_nsec == kept->st_mtim.tv_nsec;
}

static int put_copy_back(
	const struct root *root, const char *copy, const char *path, struct err *err)
{
	struct stat now, kept;
	int r = root_stat(root, copy, &kept);

	if (r < 0)
		return err_errno(err, r, "Cannot read %s%s", root_shown(root), copy);
	if (root_stat(root, path, &now) == 0 && untouched(&now, &kept))
		return 0;
	r = atomic_copy(root, copy, path, err);
	/* A full /boot: what is there now makes the room for what was. */
	if (r == -ENOSPC && atomic_remove(root, path, err) == 0)
		r = atomic_copy(root, copy, path, err);
	return r;
}

bool artifacts_kept(const struct set *set, size_t command)
{
	bool any = false;

	for (size_t i = 0; i < set->steps.n_artifacts; i++) {
		if (set->steps.artifacts[i].command != command)
			continue;
		if (set->kept[i].how == KEPT_NOT)
			return false;
		any = true;
	}
	return any;
}

void artifacts_add_copies(const struct set *set, size_t command, char ***paths)
{
	for (size_t i = 0; i < set->steps.n_artifacts; i++) {
		const struct artifact *artifact = &set->steps.artifacts[i];

		if (artifact->command == command && set->kept[i].how == KEPT_COPY)
			strv_add(paths, artifact->path);
	}
}

int artifacts_put_back(
	const struct root *root, const struct set *set, size_t command, struct err *err)
{
	bool all = false;
	int r = 0;

	for (size_t i = 0; r == 0 && i < set->steps.n_artifacts; i++) {
		const char *path = set->steps.artifacts[i].path;
		enum kept kept = set->kept[i].how;
		autofree char *copy = NULL;

		if (set->steps.artifacts[i].command != command)
			continue;
		copy = store_copy_path(set->id, "made", path);
		r = for_beside(root, set, i, err, remove_beside);
		if (r < 0 || kept == KEPT_NOT)
			return r;
		all = true;
		r = kept == KEPT_COPY ? put_copy_back(root, copy, path, err)
				      : atomic_remove(root, path, err);
	}
	return r < 0 ? r : all;
}

void artifacts_forget(const struct root *root, const struct set *set)
{
	autofree char *made = store_copy_path(set->id, "made", "");

	if (set->steps.n_artifacts)
		atomic_remove_tree(root, made);
}
