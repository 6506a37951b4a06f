// SPDX-License-Identifier: GPL-2.0-or-later
/* Whether what boots this host is known, and in force. */
#include "core/check/boot.h"
#include "core/base/buf.h"
#include "core/base/strv.h"
#include "core/base/text.h"
#include "core/check/check.h"
#include "core/format/kargs.h"
#include "core/initramfs/generators.h"
#include "core/initramfs/initramfs.h"
#include "core/loader/boots.h"
#include "core/loader/loader.h"
#include "core/loader/loaders.h"
#include "core/loader/unread.h"
#include "core/verify/repair.h"

/* What speaks for what, the strongest first. */
static void say_candidates(const struct host *host, struct check *c)
{
	autobuf struct buf b = { 0 };
	autofree char *text = NULL;

	for (size_t i = 0; i < host->n_evidence; i++)
		buf_printf(&b, " %s (%s): %s", host->evidence[i].loader->title,
			host->evidence[i].loader->id, host->evidence[i].why);
	text = buf_take(&b);
	check_say(c, CHECK_WARN, "Several boot loaders could be what boots this host.%s",
		text);
	check_fix(c, "Say --loader %s, or another one of them, with a plan.",
		host->evidence[0].loader->id);
}

void check_loader(const struct probe *p, struct check *c)
{
	const struct evidence *e = loader_pick(p->host, p->host->claims.loader);

	if (e && e->confidence == CONFIDENCE_LEFT) {
		check_say(c, CHECK_WARN, "Whether %s boots this host is not known. %s",
			e->loader->title, e->why);
		check_fix(c,
			"See after the next reboot whether /proc/cmdline has what a plan gives it.");
	} else if (e) {
		check_say(c, CHECK_OK,
			e->loader->instruct && !e->loader->words_only
				? "This host is kept by %s. %s"
				: "%s boots this host. %s",
			e->loader->title, e->why);
	} else if (p->host->n_evidence) {
		say_candidates(p->host, c);
	} else {
		check_say(c, CHECK_WARN,
			"No boot loader that pciferry knows boots this host.");
		check_fix(c,
			"Plans say which words its kernel command line needs; add them yourself.");
	}
}

void check_initramfs(const struct probe *p, struct check *c)
{
	const struct generator *g = initramfs_pick(p->host, p->host->claims.initramfs);

	if (g && g->off) {
		check_say(c, CHECK_FAIL, "%s", g->off);
		check_fix(c, "%s", g->off_fix);
	} else if (g) {
		check_say(c, CHECK_OK, "%s builds the initramfs (%s).", g->row->title,
			g->why);
	} else if (p->host->n_generators > 1) {
		check_say(c, CHECK_FAIL,
			"Which program builds the initramfs is not clear: %s (%s), or %s (%s).",
			p->host->generators[0].row->id, p->host->generators[0].why,
			p->host->generators[1].row->id, p->host->generators[1].why);
		check_fix(c, "Say --initramfs %s, or another one, with a plan.",
			p->host->generators[0].row->id);
	} else {
		check_say(c, CHECK_FAIL,
			"No initramfs generator that pciferry knows builds this host's images.");
	}
}

/* What its configuration has that makes it fail today: a row only where there is such. */
void check_lists(const struct probe *p, struct check *c)
{
	const struct generator *g = initramfs_pick(p->host, p->host->claims.initramfs);
	autostrv char **all = g && g->row->trouble ? g->row->trouble(p->host) : NULL;
	autofree char *text = NULL;

	if (!all)
		return;
	text = strv_join(all, " ");
	check_say(c, CHECK_WARN, "%s", text);
	check_fix(c,
		"Take it out; pciferry plan --clean plans that for vfio_virqfd, which no kernel has since Linux 6.2.");
}

/* Words for the IOMMU and vfio that this boot had, and that no entry of the next one will
 * have. */
static void check_left(const struct loader *loader, char *const *running,
	char *const *configured, struct check *c)
{
	static const char *const names[] = { "intel_iommu=", "amd_iommu=", "iommu=",
		"vfio-pci.ids=", "pcie_acs_override=" };
	autostrv char **left = NULL;
	autofree char *list = NULL;

	strv_foreach (word, running)
		for (size_t i = 0; i < ARRAY_SIZE(names); i++)
			if (after_prefix(word, names[i]) && !strv_has(configured, word))
				strv_add_new(&left, word);
	if (!left) {
		check_say(c, CHECK_OK,
			"This boot had every word that %s is configured to give (/proc/cmdline).",
			loader->title);
		return;
	}
	list = strv_join(left, " ");
	check_say(c, CHECK_WARN,
		"This boot had words that are not configured any more: %s.", list);
	check_fix(c, "A reboot is pending; or they were typed for this boot alone.");
}

/* Adds a sentence: what is well otherwise is a warning then. */
static void check_add(struct check *c, const char *sentence)
{
	autofree char *text = TAKE(c->text), *fix = TAKE(c->fix);

	check_say(
		c, c->state == CHECK_OK ? CHECK_WARN : c->state, "%s %s", text, sentence);
	c->fix = TAKE(fix);
}

/* Entries are made from /etc/kernel/cmdline when a kernel is installed: what theirs have
 * on top is theirs alone. */
static void check_kernels_to_come(const struct host *host, const struct evidence *e,
	const struct boot_entries *boots, struct check *c)
{
	const char *text = host_text(host, KERNEL_CMDLINE);
	autostrv char **source = NULL, **lacks = NULL;
	autofree char *list = NULL, *sentence = NULL;
	bool reads = false;
	size_t n = 0;

	for (const struct loader_file *lf = e->loader->files; lf && lf->path; lf++)
		reads |= streq(lf->path, KERNEL_CMDLINE);
	if (!text || !reads)
		return;
	cmdlines_kargs(text, &format_cmdline, &(struct cmdline_edit){ 0 }, &source, &n);
	for (size_t i = 0; i < boots->n; i++)
		strv_foreach (word, boots->list[i].kargs)
			if (boots->list[i].kernel && karg_matters(word) &&
				!strv_has(source, word))
				strv_add_new(&lacks, word);
	if (!lacks)
		return;
	list = strv_join(lacks, " ");
	sentence = text_printf(KERNEL_CMDLINE
		" lacks what the entry of an installed kernel has: kernels to come will not have %s.",
		list);
	check_add(c, sentence);
	if (!c->fix)
		check_fix(c, "Add that to " KERNEL_CMDLINE
			     " too, or take it out of the entry.");
}

static void check_unread(const struct host *host, const struct evidence *e,
	char *const *configured, struct check *c)
{
	CLEANUP(unread_done) struct unread unread = { 0 };

	unread_find(host, e, configured, &unread);
	for (size_t i = 0; i < unread.n; i++) {
		autofree char *sentence = unread_sentence(&unread, i);

		check_add(c, sentence);
	}
	if (unread.n && !c->fix)
		check_fix(c, "Have it in %s, or take it out where nothing reads it.",
			unread.from);
}

/* What every entry, or the one command line, is to give and this boot did not have. */
static void check_missing(const struct evidence *e, const struct boot_entries *boots,
	char *const *words, char *const *running, struct check *c)
{
	autostrv char **missing = NULL;
	autofree char *list = NULL;

	strv_foreach (word, boots->n ? boots->list[0].kargs : words)
		if (!strv_has(running, word) && (!boots->n || boots_all(boots, word)))
			strv_add(&missing, word);
	if (!missing)
		return;
	list = strv_join(missing, " ");
	check_say(c, CHECK_WARN, "This boot did not have: %s.", list);
	check_fix(c, "A reboot is pending, or %s has not been refreshed.",
		e->loader->title);
}

/* The words that the loader's files give must be those this boot had. */
void check_cmdline(const struct probe *p, struct check *c)
{
	const struct evidence *e = loader_pick(p->host, p->host->claims.loader);
	autostrv char **configured = NULL, **any = NULL, **running = NULL;
	CLEANUP(boot_entries_done) struct boot_entries boots = { 0 };
	struct err err;

	if (!e || !e->loader->kargs || !p->host->cmdline) {
		check_say(c, CHECK_UNKNOWN,
			"The configured and the running kernel command line cannot be compared.");
		return;
	}
	if (loader_kargs(p->host, e, true, &configured, &err) < 0 ||
		loader_any_kargs(p->host, e, true, &any, &err) < 0) {
		check_say(c, CHECK_WARN, "%s", err.text);
		return;
	}
	running = kargs_split(p->host->cmdline);
	loader_boots(p->host, e, &boots);
	check_missing(e, &boots, configured, running, c);
	if (!c->text)
		check_left(e->loader, running, any, c);
	check_kernels_to_come(p->host, e, &boots, c);
	check_unread(p->host, e, any, c);
}

/* What is claimed against what has it: the second step, a reboot, or a card that moved.
 */
static void say_claims_of_disk(const struct claims *claims, struct check *c)
{
	autostrv char **addresses = NULL;
	autofree char *list = NULL;

	for (size_t i = 0; i < claims->n; i++)
		strv_add(&addresses, claims->list[i].address);
	list = strv_join(addresses, ", ");
	if (addresses)
		check_say(c, CHECK_UNKNOWN,
			"Claimed (" CLAIMS_PATH
			"): %s. Whether these are there, and their drivers, is not judged: " NOT_VISIBLE
			".",
			list);
	else
		check_say(c, CHECK_OK, "No device is claimed (" CLAIMS_PATH ").");
}

void check_claims(const struct probe *p, struct check *c)
{
	CLEANUP(lost_claims_done) struct lost_claims lost = { 0 };
	size_t waiting = 0;

	if (p->host->disk) {
		say_claims_of_disk(&p->host->claims, c);
		return;
	}
	claims_lost(p->host, &p->host->claims, NULL, &lost);
	if (lost.n) {
		check_say(c, CHECK_WARN,
			"%zu of %zu claims (" CLAIMS_PATH
			") do not point at their device: addresses have moved.",
			lost.n, p->host->claims.n + p->host->claims.n_vfs);
		check_fix(c,
			"pciferry repair plans what to do; so does r on the wizard's page Verify.");
		return;
	}
	for (size_t i = 0; i < p->host->claims.n; i++) {
		const struct device *d =
			host_device(p->host, p->host->claims.list[i].address);

		waiting += !d || !device_is_passed(d);
	}
	if (!p->host->claims.n) {
		check_say(c, CHECK_OK, "No device is claimed (" CLAIMS_PATH ").");
	} else if (!waiting) {
		check_say(c, CHECK_OK,
			"Every claimed device is on vfio-pci (" CLAIMS_PATH ").");
	} else {
		check_say(c, CHECK_WARN,
			"%zu of %zu claimed devices (" CLAIMS_PATH
			") are not on vfio-pci.",
			waiting, p->host->claims.n);
		c->plan = CHECK_PLAN_CLAIMS;
		check_fix(c,
			"Plan them again (pciferry plan): where that changes nothing, a reboot is pending, or pciferry verify tells why not.");
	}
}

/* Files that name a network interface which no card has, while a card has a new name. */
void check_names(const struct probe *p, struct check *c)
{
	const struct rename *r = p->host->renames.list;
	autofree char *to = NULL, *unread = NULL;

	if (!p->host->renames.n && p->host->renames.unread) {
		unread = strv_join(p->host->renames.unread, " ");
		check_say(c, CHECK_UNKNOWN,
			"Whether a file names a network interface that has another name now is not known: %s",
			unread);
		return;
	}
	if (!p->host->renames.n) {
		check_say(c, CHECK_OK,
			"No file names a network interface that has another name now.");
		return;
	}
	to = strv_join(r->to, ", ");
	check_say(c, CHECK_WARN,
		"%s:%zu names the network interface %s, which is not there any more; new is %s.%s",
		r->path, r->line, r->from, to,
		p->host->renames.n > 1 ? " There are more such names." : "");
	c->plan = CHECK_PLAN_NAMES;
	check_fix(c,
		"The plan of pciferry repair changes that in ifupdown's files, and says what to do in others.");
}
