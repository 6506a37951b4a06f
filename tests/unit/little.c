// SPDX-License-Identifier: GPL-2.0-or-later
#include "little.h"
#include "backup/apply.h"
#include "backup/restore.h"
#include "backup/resume.h"
#include "backup/store.h"

#include <sys/xattr.h>

const char *const outside_sets[] = { "/var/lib/pciferry", "/run/pciferry.lock", NULL };

static const char command[] =
	"set -e\n"
	"echo building\n"
	"cat etc/default/grub etc/linked etc/modprobe.d/*.conf >boot/image.new\n"
	"for f in etc/pciferry/claims etc/a/b/new; do [ ! -e $f ] || cat $f >>boot/image.new; done\n"
	"mv boot/image.new boot/image\n";

static void own(const char *path, mode_t mode, uid_t uid, gid_t gid)
{
	autofree char *full = tree_path(path);

	assert_true(geteuid() != 0 || chown(full, uid, gid) == 0);
	assert_int_equal(chmod(full, mode), 0);
}

void little_xattr(const char *path)
{
	autofree char *full = tree_path(path);

	(void)setxattr(
		full, "user.pciferry.test", "kept", 4, 0); /* not on every file system */
}

void little_command(void)
{
	tree_put("usr/sbin/build", command);
}

void little_host(void)
{
	tree_put("etc/default/grub", "GRUB_DEFAULT=0\nno newline at the end");
	own("etc/default/grub", 0640, 7, 8);
	little_xattr("etc/default/grub");
	tree_put("opt/real", "linked\n");
	own("opt/real", 0604, 9, 9);
	little_xattr("opt/real");
	tree_symlink("etc/linked", "../opt/real");
	tree_put("etc/modprobe.d/old.conf", "options old\n");
	own("etc/modprobe.d/old.conf", 0600, 1, 2);
	tree_put("etc/modprobe.d/other.conf", "");
	tree_mkdir("run");
	tree_mkdir("var/lib");
	little_command();
	tree_put("boot/image",
		"GRUB_DEFAULT=0\nno newline at the endlinked\noptions old\n");
	root_set_sample(tree_root);
}

static const struct {
	const char *path, *before, *after;
	mode_t mode;
	uid_t uid;
	gid_t gid;
} changes[] = {
	{ "/etc/pciferry/claims", NULL, "claims\n", 0644, 0, 0 },
	{ "/etc/default/grub", "GRUB_DEFAULT=0\nno newline at the end",
		"GRUB_DEFAULT=1\n", 0640, 7, 8 },
	{ "/etc/linked", "linked\n", "linked, new\n", 0604, 9, 9 },
	{ "/etc/modprobe.d/old.conf", "options old\n", NULL, 0600, 1, 2 },
	{ "/etc/a/b/new", NULL, "new\n", 0755, 0, 0 },
};

static char *copy(const char *s)
{
	return s ? strdup(s) : NULL;
}

struct plan *little_plan(void)
{
	struct plan *plan = calloc(1, sizeof(*plan));
	struct command *c;

	assert_non_null(plan);
	for (size_t i = 0; i < ARRAY_SIZE(changes); i++) {
		struct change *change;

		GROW(plan->steps.changes, plan->steps.n_changes);
		change = &plan->steps.changes[plan->steps.n_changes++];
		change->path = copy(changes[i].path);
		change->before = copy(changes[i].before);
		change->after = copy(changes[i].after);
		change->why = copy("a test");
		change->mode = changes[i].mode;
		change->uid = geteuid() == 0 ? changes[i].uid : geteuid();
		change->gid = geteuid() == 0 ? changes[i].gid : getegid();
	}
	GROW(plan->steps.commands, plan->steps.n_commands);
	c = &plan->steps.commands[plan->steps.n_commands++];
	c->why = copy("makes the image");
	strv_add(&c->argv, "/usr/sbin/build");
	return plan;
}

struct plan *little_plan_back(void)
{
	struct plan *plan = little_plan();

	for (size_t i = 0; i < plan->steps.n_changes; i++) {
		struct change *c = &plan->steps.changes[i];
		char *before = c->before;

		c->before = c->after;
		c->after = before;
	}
	return plan;
}

char *told;
void (*on_step)(size_t index);

static void step(void *data, size_t index, size_t total, const char *what)
{
	(void)data;
	(void)what;
	if (index >= total)
		complain("step %zu of %zu", index, total);
	if (on_step)
		on_step(index);
}

static void output(void *data, const char *line)
{
	char *more = NULL;

	(void)data;
	assert_true(asprintf(&more, "%s%s\n", told ?: "", line) >= 0);
	free(told);
	told = more;
}

static const struct progress progress = { .step = step, .output = output };

int little_apply(struct plan *plan, bool no_run, struct err *err)
{
	const struct backup_options options = { .no_run = no_run };
	struct host host = { 0 };

	free(TAKE(told));
	return backup_apply(tree_root, &host, plan, &options, &progress, NULL, err);
}

int little_undo(const char *id, bool no_run, struct err *err)
{
	const struct backup_options options = { .no_run = no_run };
	autosets struct sets sets = { 0 };
	const struct set *set;
	int r = sets_scan(tree_root, &sets, err);

	free(TAKE(told));
	if (r < 0)
		return r;
	set = id ? sets_find(&sets, id) : sets_newest(&sets);
	if (!set)
		return err_set(err, -ENOENT, "There is nothing to undo.");
	return backup_restore(tree_root, set, &options, &progress, NULL, err);
}

bool little_unfinished(void)
{
	autosets struct sets sets = { 0 };
	const struct set *set;

	assert_int_equal(sets_scan(tree_root, &sets, NULL), 0);
	set = sets_newest(&sets);
	return set && set_unfinished(set);
}

int little_resume(enum resume where, struct err *err)
{
	const struct backup_options options = { 0 };
	autosets struct sets sets = { 0 };
	int r = sets_scan(tree_root, &sets, err);

	free(TAKE(told));
	if (r < 0)
		return r;
	if (!little_unfinished())
		return err_set(err, -ENOENT, "Nothing was cut short.");
	return backup_resume(
		tree_root, sets_newest(&sets), where, &options, &progress, NULL, err);
}

const char *set_state_of(const char *id)
{
	autosets struct sets sets = { 0 };
	const struct set *set;

	assert_int_equal(sets_scan(tree_root, &sets, NULL), 0);
	set = sets_find(&sets, id);
	return set ? set_state_to_string(set->state) : NULL;
}

void check_state(const char *id, const char *want)
{
	check_text(id, set_state_of(id), want);
}

size_t count_sets(void)
{
	autosets struct sets sets = { 0 };

	assert_int_equal(sets_scan(tree_root, &sets, NULL), 0);
	return sets.n;
}
