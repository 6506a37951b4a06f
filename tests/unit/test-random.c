// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Lives of a host, at random: devices are handed over and given back, others edit files,
 * sets are undone and done again, in and out of order, and pruned. In the end all is
 * undone, and the first tree is there again but for what others have edited.
 *
 * PCIFERRY_SEED=N plays one life again, PCIFERRY_LIVES=N that many, from that one on.
 */
#include "little.h"
#include "core/base/buf.h"
#include "backup/apply.h"
#include "backup/prune.h"
#include "backup/restore.h"
#include "backup/store.h"

#include <time.h>

#define STEPS 20
#define MARK "# by somebody else, "

static const char *const except[] = { "/var", "/run/pciferry.lock", NULL };
static const struct backup_options options = { .no_run = true };
/* Sets that were undone out of order can leave lines that both have changed. */
static const struct backup_options resolved = { .no_run = true,
	.on_conflict = RESOLVE_OURS };

static struct {
	size_t applied, undone, redone, refused, edited, pruned;
} counts;

static unsigned long state; /* of the generator; xorshift, as each platform has it */

static size_t dice(size_t n)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state % n;
}

/* Files that pciferry changes in part, and one that it only reads. Others write at the
 * top: their lines are no neighbours of ours. */
static const char *const shared[] = {
	"etc/initramfs-tools/modules",
	"etc/default/grub",
	"etc/modprobe.d/others.conf",
};

/* What a life that is played again goes through. */
static void say(const char *fmt, ...) PRINTF(1, 2);
static void say(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	if (getenv("PCIFERRY_SEED") && !getenv("PCIFERRY_LIVES"))
		vprint_message(fmt, ap);
	va_end(ap);
}

static void edit(size_t step)
{
	const char *path = shared[dice(ARRAY_SIZE(shared))];
	autofree char *text = tree_get(path), *new = NULL;

	assert_true(asprintf(&new, MARK "%zu\n%s", step, text ?: "") >= 0);
	tree_put(path, new);
	say("  %s is edited\n", path);
	counts.edited++;
}

/* Takes their lines out again. */
static void unedit(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(shared); i++) {
		autofree char *text = tree_get(shared[i]);
		autobuf struct buf b = { 0 };
		autofree char *new = NULL;

		for (const char *line = text; line && *line;) {
			const char *end = strchrnul(line, '\n');

			end += *end == '\n';
			if (!after_prefix(line, MARK))
				buf_add(&b, line, (size_t)(end - line));
			line = end;
		}
		new = buf_take(&b);
		if (text)
			tree_put(shared[i], new);
	}
}

/* Hands a device over, or gives one back; what is refused changes nothing. */
static void change(const char *life, bool release)
{
	autohost struct host *host = tree_scan();
	autoplan struct plan *plan = NULL;
	const char *address;
	char request[160];
	struct err err = { 0 };
	const struct device *d;

	if (release && !host->claims.n)
		return;
	d = &host->devices[dice(host->n_devices)];
	if (!release && (device_is_bridge(d) || d->group < 0))
		return;
	address = release ? host->claims.list[dice(host->claims.n)].address : d->address;
	(void)snprintf(request, sizeof(request),
		"accept=disk accept=network accept=display accept=console accept=input "
		"%s%s",
		release ? "-" : "", address);
	plan = make_plan(host, request);
	if (plan_refusal(plan) || plan_is_empty(plan))
		return;
	say("  %s %s\n", release ? "release" : "claim", address);
	if (backup_apply(tree_root, host, plan, &options, NULL, NULL, &err) < 0)
		complain("%s: apply: %s", life, err.text);
	counts.applied++;
}

/* A set taken out of the middle may be in the way of others: that is said, and nothing
 * is touched. */
static void undo(const char *life, bool newest)
{
	autofree char *before = NULL, *after = NULL;
	autosets struct sets sets = { 0 };
	const struct set *set;
	struct err err = { 0 };
	int r;

	MUST(sets_scan(tree_root, &sets, why));
	if (!sets.n)
		return;
	set = newest ? sets_newest(&sets) : &sets.list[dice(sets.n)];
	if (!set)
		return;
	before = tree_snapshot(NULL);
	r = backup_restore(tree_root, set, &options, NULL, NULL, &err);
	say("  undo of %s: %s\n", set->id, r < 0 ? err.text : "done");
	if (r == 0) {
		counts.undone += !set->undoes;
		counts.redone += !!set->undoes;
		return;
	}
	counts.refused++;
	if (r != -ESTALE && r != -EALREADY)
		complain("%s: undo of %s: %s", life, set->id, err.text);
	after = tree_snapshot(NULL);
	check_same(life, before, after);
}

/* All that can go, or one that is named: that may be refused. */
static void prune(const char *life, bool all)
{
	autosets struct sets sets = { 0 };
	autostrv char **gone = NULL;
	struct err err = { 0 };
	char *words[] = { NULL, NULL };
	int r;

	MUST(sets_scan(tree_root, &sets, why));
	if (!all && sets.n)
		words[0] = dice(4) ? sets.list[dice(sets.n)].id : (char *)"oldest";
	r = backup_prune(tree_root, words, &gone, &err);
	say("  prune of %s: %s\n", words[0] ?: "all", r < 0 ? err.text : "done");
	if (r < 0 && (!words[0] || r != -EPERM))
		complain("%s: prune: %s", life, err.text);
	counts.pruned += strv_len(gone);
}

static void step(const char *life, size_t i)
{
	switch (dice(12)) {
	case 0:
	case 1:
	case 2:
		change(life, false);
		break;
	case 3:
		change(life, true);
		break;
	case 4:
	case 5:
		edit(i);
		break;
	case 6:
		undo(life, true);
		break;
	case 7:
	case 8:
	case 9:
		undo(life, false);
		break;
	case 10:
		prune(life, false);
		break;
	default:
		prune(life, true);
	}
}

static void undo_all(const char *life)
{
	for (size_t i = 0; i < 2 * STEPS; i++) {
		autosets struct sets sets = { 0 };
		struct err err = { 0 };

		MUST(sets_scan(tree_root, &sets, why));
		if (!sets_newest(&sets))
			return;
		say("  in the end, undo of %s\n", sets_newest(&sets)->id);
		if (backup_restore(tree_root, sets_newest(&sets), &resolved, NULL, NULL,
			    &err) == 0)
			continue;
		complain("%s: in the end: %s", life, err.text);
		return;
	}
}

static void live(unsigned long seed)
{
	static const char *const hosts[] = { "amd.host", "hand-made.host",
		"builtin.host" };
	autofree char *first = NULL, *last = NULL;
	char life[64];

	state = seed * 2654435761UL + 1;
	(void)snprintf(life, sizeof(life), "PCIFERRY_SEED=%lu", seed);
	tree_renew();
	tree_expand_host(hosts[dice(ARRAY_SIZE(hosts))]);
	for (size_t i = 0; i < ARRAY_SIZE(shared); i++)
		if (!root_exists(tree_root, shared[i]))
			tree_put(shared[i], "# a file\n#\n#\n");
	first = tree_snapshot(except);
	for (size_t i = 0; i < STEPS; i++)
		step(life, i);
	undo_all(life);
	unedit();
	last = tree_snapshot(except);
	check_same(life, first, last);
}

static void test_lives(void **unused)
{
	const char *one = getenv("PCIFERRY_SEED"), *many = getenv("PCIFERRY_LIVES");
	unsigned long seed = one ? strtoul(one, NULL, 10) : (unsigned long)time(NULL);
	unsigned long lives = many ? strtoul(many, NULL, 10) : one ? 1 : 25;

	(void)unused;
	for (unsigned long i = 0; i < lives; i++)
		live(seed + i);
	print_message("  %lu lives from PCIFERRY_SEED=%lu on: %zu applied, %zu undone, "
		      "%zu done again, %zu refused, %zu edits, %zu sets pruned\n",
		lives, seed, counts.applied, counts.undone, counts.redone, counts.refused,
		counts.edited, counts.pruned);
	if (!one && (!counts.applied || !counts.undone || !counts.edited))
		complain("nothing happened in these lives");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_lives),
	};

	(void)umask(022);
	return RUN(tests);
}
