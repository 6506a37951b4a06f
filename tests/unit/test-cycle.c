// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Every host there is, every device that can go: plan, apply, plan again (empty), reboot,
 * plan again (empty), release, and all is as it was before, byte for byte.
 */
#include "support.h"
#include "assets.h"
#include "backup/apply.h"
#include "backup/backup.h"
#include "core/base/buf.h"
#include "core/base/strv.h"
#include "core/initramfs/generators.h"
#include "core/initramfs/initramfs.h"
#include "core/loader/loader.h"
#include "sample/sample.h"
#include "backup/restore.h"
#include "backup/store.h"
#include "core/loader/loaders.h"

#include <fcntl.h>
#include <fnmatch.h>

/* Not compared: what the tests alone change; sets, which stay, and images, since commands
 * are not run here. */
static const char *const except[] = { "/sys", "/proc", "/var", "/run/pciferry.lock",
	NULL };

static const struct backup_options no_run = { .no_run = true };
static const struct progress quiet = { .step = NULL };

static void apply(const char *what, const struct host *host, const struct plan *plan)
{
	struct err err = { 0 };

	if (backup_apply(tree_root, host, plan, &no_run, &quiet, NULL, &err) < 0)
		complain("%s: apply: %s", what, err.text);
}

static void undo_newest(const char *what)
{
	autosets struct sets sets = { 0 };
	struct err err = { 0 };

	if (sets_scan(tree_root, &sets, &err) < 0 || !sets_newest(&sets) ||
		backup_restore(
			tree_root, sets_newest(&sets), &no_run, &quiet, NULL, &err) < 0)
		complain("%s: undo: %s", what, err.text);
}

/* Changes which driver sysfs says the device has; NULL: none. */
static void bind(const char *address, const char *driver)
{
	autofree char *path = NULL, *text = NULL, *new = NULL;
	const char *rest;

	assert_true(asprintf(&path, "sys/bus/pci/devices/%s/uevent", address) >= 0);
	text = tree_get(path);
	assert_non_null(text);
	rest = after_prefix(text, "DRIVER=") ? strchr(text, '\n') + 1 : text;
	assert_true(asprintf(&new, "%s%s%s%s", driver ? "DRIVER=" : "", driver ?: "",
			    driver ? "\n" : "", rest) >= 0);
	tree_put(path, new);
}

/* The reboot: every device gets the driver that the plan said. */
static void reboot(const struct plan *plan)
{
	for (size_t i = 0; i < plan->n_forecasts; i++) {
		const struct forecast *f = &plan->forecasts[i];

		if (f->certain && streq(f->kernel, plan->forecasts[0].kernel) &&
			!streq_null(f->now, f->after))
			bind(f->address, f->after);
	}
}

static void check_empty(const char *what, const char *when)
{
	autohost struct host *host = tree_scan();
	autoplan struct plan *plan = make_plan(host, "");
	autofree char *findings = plan_findings(plan);

	for (size_t i = 0; i < plan->steps.n_changes; i++)
		complain("%s: a second plan %s changes %s", what, when,
			plan->steps.changes[i].path);
	check_number("commands", (long)plan->steps.n_commands, 0);
	if (plan_refusal(plan))
		complain("%s: a second plan %s: %s", what, when, findings);
}

/* Whether after is before with something put in: every byte is there, in its order. */
static bool keeps(const char *before, const char *after)
{
	for (; *before && *after; after++)
		before += *before == *after;
	return !*before;
}

/* All files that the plan changes and that a user may have lines in keep those lines. */
static void check_users_lines(const char *what, const struct plan *plan)
{
	for (size_t i = 0; i < plan->steps.n_changes; i++) {
		const struct change *c = &plan->steps.changes[i];

		if (c->before && c->after && !strstr(c->path, "pciferry") &&
			!keeps(c->before, c->after))
			complain("%s: %s loses lines", what, c->path);
	}
}

/* Whether a claim before the i-th is of the same group: that one takes this one along. */
static bool goes_along(const struct host *host, size_t i)
{
	const struct device *d = host_device(host, host->claims.list[i].address);

	for (size_t j = 0; j < i; j++)
		if (d->group >= 0 &&
			host_device(host, host->claims.list[j].address)->group ==
				d->group)
			return true;
	return false;
}

/* The host's own drivers are back, under the names that the plan said. What vfio-pci had
 * by other means is not ours to know, and virtual functions come and go. */
static void reboot_released(
	const char *what, const struct plan *plan, const struct host *first)
{
	for (size_t i = 0; i < plan->n_forecasts; i++) {
		const struct forecast *f = &plan->forecasts[i];
		const struct device *d = host_device(first, f->address);

		if (!streq(f->kernel, plan->forecasts[0].kernel))
			continue;
		bind(f->address, d->driver);
		if (f->certain && !streq_null(d->driver, "vfio-pci") && !d->physfn)
			check_text(what, f->after, d->driver);
	}
}

static void release_all(const char *what, const struct host *first)
{
	autohost struct host *host = tree_scan();
	autoplan struct plan *plan = NULL;
	autobuf struct buf b = { 0 };
	autofree char *request = NULL;

	for (size_t i = 0; i < host->claims.n; i++)
		if (!goes_along(host, i))
			buf_printf(&b, " -%s", host->claims.list[i].address);
	request = buf_take(&b);
	plan = make_plan(host, request);
	check_number("claims left", (long)plan->claims.n, 0);
	apply(what, host, plan);
	reboot_released(what, plan, first);
}

/* Directories that were not there before, told once, so that the rest can be compared. */
static void remove_left(const char *what)
{
	static const char *const dirs[] = { "etc/pciferry", "etc/default/grub.d",
		"etc/modules-load.d" };
	static bool said;

	for (size_t i = 0; i < ARRAY_SIZE(dirs); i++)
		if (root_exists(tree_root, dirs[i]) &&
			unlinkat(root_fd(tree_root), dirs[i], AT_REMOVEDIR) == 0 &&
			!said) {
			said = true;
			complain("%s: release leaves the directory /%s", what, dirs[i]);
		}
}

/* Each apply reads all sets there are: the next device's need not. */
static void forget_sets(void)
{
	autofree char *sets = tree_path("var/lib/pciferry");

	sample_remove(sets);
}

/* true where the wish could be granted. */
static bool cycle(const char *what, const char *request, const struct host *before,
	const char *first)
{
	autohost struct host *host = tree_scan();
	autoplan struct plan *plan = make_plan(host, request);
	autofree char *undone = NULL, *released = NULL;

	if (plan_refusal(plan))
		return false;
	check_users_lines(what, plan);
	/* Once, undone; */
	apply(what, host, plan);
	check_empty(what, "at once");
	undo_newest(what);
	undone = tree_snapshot(except);
	check_same(what, first, undone);
	/* and once with the reboot, released. */
	apply(what, host, plan);
	reboot(plan);
	check_empty(what, "after the reboot");
	release_all(what, before);
	check_empty(what, "after the release");
	remove_left(what);
	released = tree_snapshot(except);
	check_same(what, first, released);
	forget_sets();
	return true;
}

static bool is_first(const struct host *host, const struct device *d)
{
	const struct group *g = host_group(host, d);

	for (size_t i = 0; i < g->n_devices; i++)
		if (!device_is_bridge(&host->devices[g->devices[i]]))
			return &host->devices[g->devices[i]] == d;
	return false;
}

static bool can_be_wished(const struct host *host, const struct device *d)
{
	if (device_is_bridge(d) || d->vendor < 0 ||
		(d->group < 0 && host->iommu == IOMMU_ACTIVE))
		return false;
	return d->group < 0 || is_first(host, d);
}

#define ACCEPT_ALL                                                                       \
	"accept=disk accept=network accept=display accept=sriov accept=console accept=input"

/* The rows of both tables that some host went all the way with. */
static char **seen;

static void see(const struct host *host)
{
	const struct evidence *e = loader_pick(host, NULL);
	const struct generator *g = initramfs_pick(host, NULL);

	if (e)
		strv_add_new(&seen, e->loader->id);
	if (g)
		strv_add_new(&seen, g->row->id);
}

/* Each device alone, then all that could go at once. */
static void cycle_host(const char *name)
{
	autohost struct host *host = tree_scan();
	autofree char *first = tree_snapshot(except), *all = strdup(ACCEPT_ALL);
	size_t granted = 0, tried = 0;

	for (size_t i = 0; i < host->n_devices; i++) {
		const struct device *d = &host->devices[i];
		autofree char *request = NULL, *what = NULL;
		char *more;

		if (!can_be_wished(host, d))
			continue;
		tried++;
		assert_true(asprintf(&request, "%s %s%s", ACCEPT_ALL,
				    i % 2 ? "iommu=pt " : "", d->address) >= 0);
		assert_true(asprintf(&what, "%s, %s", name, d->address) >= 0);
		if (!cycle(what, request, host, first))
			continue;
		granted++;
		assert_true(asprintf(&more, "%s %s", all, d->address) >= 0);
		free(all);
		all = more;
	}
	if (granted > 1) {
		autofree char *what = NULL;

		assert_true(asprintf(&what, "%s, all", name) >= 0);
		if (!cycle(what, all, host, first))
			complain("%s: each can go, but not all together", name);
	}
	if (granted)
		see(host);
	print_message("  %s: %zu of %zu devices could go\n", name, granted, tried);
}

static void test_sample(void **state)
{
	(void)state;
	tree_expand(asset_sample_desktop_host);
	cycle_host("the sample host");
}

static void test_hosts(void **state)
{
	autostrv char **names = source_list("hosts");

	(void)state;
	strv_foreach (name, names) {
		if (fnmatch("*.host", name, 0) != 0)
			continue;
		tree_renew();
		tree_expand_host(name);
		cycle_host(name);
	}
}

/* But those where nothing is written. */
static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; loader_table[i]; i++)
		if (!loader_table[i]->instruct && !strv_has(seen, loader_table[i]->id))
			complain("no host for the boot loader %s", loader_table[i]->id);
	for (size_t i = 0; initramfs_table[i]; i++)
		if (!strv_has(seen, initramfs_table[i]->id))
			complain("no host for the generator %s", initramfs_table[i]->id);
	strv_free(seen);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_sample),
		TEST(test_hosts),
		TEST(test_rows),
	};

	(void)umask(022);
	return RUN(tests);
}
