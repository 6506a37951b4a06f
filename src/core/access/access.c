// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The node of a group is named by a number that changes with the hardware, and has no PCI
 * device above it in sysfs. So the rule looks from the node to the members of its group,
 * by their addresses, and from there at their IDs: all that was claimed must be in it.
 */
#include "core/access/access.h"
#include "core/access/accounts.h"
#include "core/base/buf.h"
#include "core/base/strv.h"
#include "core/base/text.h"
#include "core/plan/draft.h"

#define MADE_BY "# Made by pciferry(8) from " CLAIMS_PATH "; changes here are lost.\n"

#define RULES "/etc/udev/rules.d/70-pciferry-access.rules"
#define LIMITS "/etc/security/limits.d/pciferry.conf"
/* A user's own services: "user@1000.service.d". */
#define UNIT "/etc/systemd/system/user@"
#define UNIT_DROPIN ".service.d/pciferry.conf"

/* What QEMU locks besides the guest's memory, as libvirt allows for it. */
#define MORE_MIB 1024UL

void access_watch(struct watches *watches)
{
	static const struct watched files[] = {
		{ .path = "/etc/group" },
		{ .path = "/etc/passwd" },
		{ .path = RULES },
		{ .path = LIMITS },
		{ .path = UNIT, .suffix = UNIT_DROPIN },
		{ 0 },
	};

	watch(watches, files);
}

static bool is_first_of_group(const struct draft *draft, const struct device *d)
{
	const struct group *g = host_group(draft->host, d);

	for (size_t i = 0; i < g->n_devices; i++) {
		const struct device *other = &draft->host->devices[g->devices[i]];

		if (!device_is_bridge(other))
			return other == d;
	}
	return false;
}

static void add_member(const struct device *d, struct buf *out)
{
	buf_printf(out,
		"  TEST==\"/sys/kernel/iommu_groups/%%k/devices/%s\", ATTR{[pci/%s]vendor}==\"0x%04x\", ATTR{[pci/%s]device}==\"0x%04x\", \\\n",
		d->address, d->address, (unsigned)d->vendor, d->address,
		(unsigned)d->device);
}

static void add_rule(const struct draft *draft, const struct claim *claim,
	const struct device *d, struct buf *out)
{
	const struct group *g = host_group(draft->host, d);

	buf_puts(out, "SUBSYSTEM==\"vfio\", KERNEL==\"[0-9]*\", \\\n");
	for (size_t i = 0; i < g->n_devices; i++) {
		const struct device *member = &draft->host->devices[g->devices[i]];

		if (!device_is_bridge(member))
			add_member(member, out);
	}
	buf_printf(out, "  %s=\"%s\", MODE=\"%s\"\n", claim->user ? "OWNER" : "GROUP",
		claim->user ?: claim->group, claim->user ? "0600" : "0660");
}

static char *access_rules_text(const struct draft *draft)
{
	autobuf struct buf lines = { 0 }, out = { 0 };

	for (size_t i = 0; !draft->enable_only && i < draft->plan->claims.n; i++) {
		const struct claim *claim = &draft->plan->claims.list[i];
		const struct device *d = draft_device(draft, claim);

		if (d && d->group >= 0 && (claim->user || claim->group) &&
			is_first_of_group(draft, d))
			add_rule(draft, claim, d, &lines);
	}
	if (!lines.len)
		return NULL;
	buf_puts(&out, MADE_BY
		"# Who has a group's node in /dev/vfio: only while all devices it was asked for are in it.\n");
	buf_puts(&out, lines.s);
	return buf_take(&out);
}

/* -- memory ------------------------------------------------------------------------ */

/* Each who has access, once: "alice", and "@kvm" for a group, as limits.conf(5) has it.
 */
static char **who_has_access(const struct claims *claims)
{
	char **who = NULL;

	for (size_t i = 0; i < claims->n; i++) {
		const struct claim *claim = &claims->list[i];
		autofree char *group = NULL;

		if (claim->group)
			group = text_printf("@%s", claim->group);
		if (claim->user || group)
			strv_add_new(&who, claim->user ?: group);
	}
	return who;
}

static char *limits_text(const struct draft *draft, char *const *who)
{
	unsigned long kib = (draft->plan->claims.memory_mib + MORE_MIB) * 1024;
	autobuf struct buf out = { 0 };

	if (!who || !draft->plan->claims.memory_mib)
		return NULL;
	buf_printf(&out,
		MADE_BY
		"# Memory a guest may lock: %lu MiB of its own, and %lu for what is around it.\n",
		draft->plan->claims.memory_mib, MORE_MIB);
	strv_foreach (name, who)
		buf_printf(&out, "%s - memlock %lu\n", name, kib);
	return buf_take(&out);
}

/* A user's own systemd is started by no login: its services have a limit of their own. */
static char *unit_text(const struct draft *draft)
{
	return text_printf(MADE_BY "[Service]\nLimitMEMLOCK=%luM\n",
		draft->plan->claims.memory_mib + MORE_MIB);
}

static char *unit_path(unsigned long uid)
{
	return text_printf(UNIT "%lu" UNIT_DROPIN, uid);
}

/* Ours of users who have lost it go; those who have it get theirs. */
static void change_units(struct draft *draft, char *const *who)
{
	autostrv char **kept = NULL;
	unsigned long uid;

	strv_foreach (name, who) {
		autofree char *path = NULL, *text = NULL;

		if (name[0] == '@' || !draft->plan->claims.memory_mib ||
			!account_find(host_text(draft->host, "/etc/passwd"), name, &uid))
			continue;
		path = unit_path(uid);
		text = unit_text(draft);
		strv_add(&kept, path);
		draft_change(
			draft, path, text, "the same limit for the user's own services");
	}
	for (size_t i = 0; i < draft->host->n_files; i++) {
		const char *path = draft->host->files[i].path;

		if (after_prefix(path, UNIT) && !strv_has(kept, path))
			draft_change(draft, path, NULL, "nobody needs it any more");
	}
}

/* -- now ---------------------------------------------------------------------------- */

/*
 * udev leaves owners alone that no rule names any more, so what a rule gave is taken back
 * by name, and find(1) is fine with there being none. Each is the other's way back.
 */
static void hand_over(struct draft *draft, const char *who, bool give)
{
	bool group = who[0] == '@';
	const char *const find[] = { "/usr/bin/find", "/dev", "-xdev", "-path",
		"/dev/vfio/[0-9]*", group ? "-group" : "-user", who + group, "-exec",
		"/usr/bin/chown", "root:root", "{}", ";", NULL };
	static const char *const trigger[] = { "/usr/bin/udevadm", "trigger", "--settle",
		"--subsystem-match=vfio", NULL };

	if (give)
		draft_command_undo(draft, trigger, find,
			"gives away the nodes of groups that vfio-pci has already");
	else
		draft_command_undo(draft, find, trigger,
			"takes back the nodes that a rule has given away");
}

/* On the running host udev is told; elsewhere the next boot does it. */
static void change_now(struct draft *draft, char *const *who)
{
	static const char *const reload[] = { "/usr/bin/udevadm", "control", "--reload",
		NULL };
	autostrv char **before = NULL;

	if (!draft->host->live || !draft_changes(draft, RULES))
		return;
	before = who_has_access(&draft->host->claims);
	draft_command(draft, reload, "makes udev read its rules again");
	strv_foreach (name, before)
		if (!strv_has(who, name))
			hand_over(draft, name, false);
	strv_foreach (name, who)
		hand_over(draft, name, true);
}

/* -- what is said of it ---------------------------------------------------------------
 */

static void check_account(struct draft *draft, const char *who)
{
	bool group = who[0] == '@';
	const char *path = group ? "/etc/group" : "/etc/passwd", *name = who + group;
	unsigned long id;

	if (!account_find(host_text(draft->host, path), name, &id))
		draft_finding(draft, FINDING_REFUSAL, FOUND_NO_ACCOUNT, NULL,
			"There is no %s \"%s\" in %s.", group ? "group" : "user", name,
			path);
	else if (id == 0)
		draft_finding(draft, FINDING_REFUSAL, FOUND_NO_ACCOUNT, NULL,
			"\"%s\" is root's, who has everything anyway.", name);
}

static void tell_memory(struct draft *draft, char *const *who)
{
	autofree char *list = NULL;

	if (!who || draft->enable_only)
		return;
	list = strv_join(who, ", ");
	if (!draft->plan->claims.memory_mib)
		draft_finding(draft, FINDING_INFO, FOUND_NO_MEMORY_LIMIT, NULL,
			"A guest's memory is locked in full, which %s may not be allowed: --memory SIZE gives the right to it.",
			list);
	else
		draft_finding(draft, FINDING_INFO, FOUND_MEMORY_LIMIT, NULL,
			"%s may lock %lu MiB from the next login on. A service of the system needs LimitMEMLOCK= in its own unit.",
			list, draft->plan->claims.memory_mib + MORE_MIB);
}

void access_write(struct draft *draft)
{
	autostrv char **who = who_has_access(&draft->plan->claims);
	autofree char *rules = access_rules_text(draft),
		      *limits = limits_text(draft, who);

	strv_foreach (name, who)
		check_account(draft, name);
	draft_own(draft, RULES, rules, "who may use the groups' nodes in /dev/vfio");
	draft_own(draft, LIMITS, limits, "how much memory they may lock");
	change_units(draft, who);
	change_now(draft, who);
	tell_memory(draft, who);
}
