// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Numbers of virtual functions (SR-IOV): a udev rule sets them at every boot, once the
 * physical function has its driver, which makes them. On the running host they are set at
 * once too. (Documentation/PCI/pci-iov-howto.rst,
 * Documentation/ABI/testing/sysfs-bus-pci)
 */
#include "core/planner/vfs.h"
#include "core/base/buf.h"
#include "core/base/text.h"
#include "core/existing/doors.h"
#include "core/existing/vfs.h"
#include "core/format/kargs.h"
#include "core/host/modprobe.h"
#include "core/plan/draft.h"

/* In a directory that is read as a whole (existing/devices.c). */
#define RULES "/etc/udev/rules.d/71-pciferry-vfs.rules"
#define MADE_BY "# Made by pciferry(8) from " CLAIMS_PATH "; changes here are lost.\n"

/* A virtual function that is claimed, or that vfio-pci has; NULL where none is. */
static const struct device *taken_function(
	const struct host *host, const struct claims *claims, const struct device *pf)
{
	for (size_t i = 0; i < host->n_devices; i++) {
		const struct device *vf = &host->devices[i];

		if (streq_null(vf->physfn, pf->address) &&
			(device_is_passed(vf) || claims_find(claims, vf->address)))
			return vf;
	}
	return NULL;
}

/* None is asked for, where pciferry makes none: it is a line of the user's that does, and
 * would again. */
static int refuse_other(const struct host *host, const struct device *d, struct err *err)
{
	CLEANUP(modprobe_lines_done) struct modprobe_lines modprobe = { 0 };
	CLEANUP(vfs_makers_done) struct vfs_makers makers = { 0 };
	autostrv char **kargs = kargs_split(host->cmdline ?: "");
	autofree char *place = NULL;
	const struct vfs_maker *other;

	host_modprobe(host, &modprobe);
	vfs_makers_find(host, &modprobe, kargs, d, &makers);
	other = vfs_makers_other(&makers, 0);
	if (!other)
		return 0;
	place = vfs_maker_place(other);
	return err_set(err, -EPERM,
		"%s sets %ld virtual functions of %s at every boot, so none would not last: take that out first.",
		place, other->number, d->address);
}

int request_set_vfs(const struct host *host, struct request *request,
	const struct device *d, unsigned count, struct err *err)
{
	const struct device *vf = taken_function(host, &request->claims, d);
	char id[DEVICE_ID_SIZE];
	int r;

	if (d->vfs_total < 0)
		return err_set(err, -EPERM,
			"%s has no virtual functions: it does not do SR-IOV, or its driver does not.",
			d->address);
	if ((long)count > d->vfs_total)
		return err_set(err, -EINVAL, "%s can have %d virtual functions, not %u.",
			d->address, d->vfs_total, count);
	if (claims_find(&request->claims, d->address) || device_is_passed(d))
		return err_set(err, -EPERM,
			"%s is handed over itself: virtual functions need its driver on the host.",
			d->address);
	if (vf && (long)count < d->vfs_now)
		return err_set(err, -EPERM,
			"%s has %d virtual functions, and %s of them is handed over: release it first.",
			d->address, d->vfs_now, vf->address);
	r = count || claims_vfs(&host->claims, d->address) ? 0
							   : refuse_other(host, d, err);
	if (r < 0)
		return r;
	claims_set_vfs(&request->claims, d->address, device_id(d, id), count);
	return 0;
}

/* The device of a line, where it is still the same. */
static const struct device *device_of(const struct draft *draft, const struct vfs *vfs)
{
	const struct device *d = host_device(draft->host, vfs->address);
	char id[DEVICE_ID_SIZE];

	return d && streq(device_id(d, id), vfs->id) ? d : NULL;
}

/* -- at boot ----------------------------------------------------------------------- */

static void add_number(const struct device *d, unsigned count, struct buf *out)
{
	buf_printf(out,
		"ACTION==\"add|bind\", KERNEL==\"%s\", ATTR{vendor}==\"0x%04x\", ATTR{device}==\"0x%04x\", ATTR{driver}==\"?*\", ATTR{sriov_numvfs}==\"0\", ATTR{sriov_numvfs}=\"%u\"\n",
		d->address, (unsigned)d->vendor, (unsigned)d->device, count);
}

/* Its driver has a function before any rule can act: a claimed one is taken from it. It
 * need not be there yet. */
static void add_function(const struct claim *vf, struct buf *out)
{
	buf_printf(out,
		"ACTION==\"add\", KERNEL==\"%s\", ATTR{vendor}==\"0x%.4s\", ATTR{device}==\"0x%s\", ATTR{driver}==\"?*\", ATTR{driver}!=\"vfio-pci\", ATTR{driver_override}=\"vfio-pci\", ATTR{driver/unbind}=\"%%k\", ATTR{[subsystem/pci]drivers_probe}=\"%%k\"\n",
		vf->address, vf->id, vf->id + 5);
}

/* Whether the claim is one of a virtual function of pf, there or not yet. */
static bool is_function_of(
	const struct draft *draft, const struct claim *claim, const struct device *pf)
{
	const struct device *vf = draft_device(draft, claim);

	return vf ? streq_null(vf->physfn, pf->address)
		  : host_waits_for(draft->host, claim) == pf;
}

static void add_functions(
	const struct draft *draft, const struct device *pf, struct buf *out)
{
	for (size_t i = 0; i < draft->plan->claims.n; i++)
		if (is_function_of(draft, &draft->plan->claims.list[i], pf))
			add_function(&draft->plan->claims.list[i], out);
}

static char *vfs_rules_text(const struct draft *draft)
{
	autobuf struct buf lines = { 0 }, out = { 0 };

	for (size_t i = 0; i < draft->plan->claims.n_vfs; i++) {
		const struct vfs *vfs = &draft->plan->claims.vfs[i];
		const struct device *d = device_of(draft, vfs);

		if (!d)
			continue;
		add_number(d, vfs->count, &lines);
		add_functions(draft, d, &lines);
	}
	if (!lines.len)
		return NULL;
	buf_puts(&out, MADE_BY
		"# Virtual functions: how many, and those that are claimed.\n"
		"SUBSYSTEM!=\"pci\", GOTO=\"pciferry_vfs_end\"\n"
		"# The way out: with pciferry.off on the kernel command line none are made.\n"
		"IMPORT{cmdline}=\"pciferry.off\"\n"
		"ENV{pciferry.off}==\"?*\", GOTO=\"pciferry_vfs_end\"\n");
	buf_printf(&out, "%sLABEL=\"pciferry_vfs_end\"\n", lines.s);
	return buf_take(&out);
}

/* -- now --------------------------------------------------------------------------- */

static void add_move(struct draft *draft, const struct device *d, unsigned count)
{
	char id[DEVICE_ID_SIZE], before[32], after[32];
	const struct move move = { .address = d->address,
		.id = (char *)device_id(d, id),
		.vfs = true,
		.before = before,
		.after = after };

	(void)snprintf(before, sizeof(before), "%d", d->vfs_now);
	(void)snprintf(after, sizeof(after), "%u", count);
	steps_add_move(&draft->plan->steps, &move);
}

static void tell_now(struct draft *draft, const struct device *d)
{
	if (d->vfs_now > 0)
		draft_finding(draft, FINDING_WARNING, FOUND_VFS_ANEW, d->address,
			"%s: the kernel changes a number by way of none: the %d virtual functions of now are removed.",
			d->address, d->vfs_now);
	if (d->n_lifelines)
		draft_finding(draft, FINDING_WARNING, FOUND_VFS_LINK, d->address,
			"%s: %s. Some drivers drop the link for a moment when virtual functions are made.",
			d->address, d->lifelines[0].why);
}

/* Now too, where that takes nothing away that is handed over. */
static void change_now(struct draft *draft, const struct device *d, unsigned count)
{
	const struct device *vf = taken_function(draft->host, &draft->plan->claims, d);

	if (!draft->host->live || d->vfs_now == (long)count)
		return;
	if (vf) {
		draft_finding(draft, FINDING_INFO, FOUND_VFS_LATER, d->address,
			"%s: %s is handed over, so the number changes with the next boot only.",
			d->address, vf->address);
		return;
	}
	add_move(draft, d, count);
	tell_now(draft, d);
}

/* Only what this plan changes: a number that somebody set by hand since stays. */
static void change_all_now(struct draft *draft)
{
	for (size_t i = 0; i < draft->host->n_devices; i++) {
		const struct device *d = &draft->host->devices[i];
		unsigned was = claims_vfs(&draft->host->claims, d->address),
			 wanted = claims_vfs(&draft->plan->claims, d->address);

		if (was != wanted && d->vfs_total >= 0)
			change_now(draft, d, wanted);
	}
}

void plan_check_vfs(struct draft *draft, const struct device *pf)
{
	const struct device *vf = taken_function(draft->host, &draft->plan->claims, pf);

	if (vf)
		draft_finding(draft, FINDING_REFUSAL, FOUND_VFS_TAKEN, pf->address,
			"%s cannot go while its virtual function %s is handed over.",
			pf->address, vf->address);
	else if (claims_vfs(&draft->plan->claims, pf->address))
		draft_finding(draft, FINDING_REFUSAL, FOUND_VFS_WANTED, pf->address,
			"%s cannot go and have virtual functions: pciferry vfs %s 0 comes first.",
			pf->address, pf->address);
}

static void tell_gone(struct draft *draft)
{
	for (size_t i = 0; i < draft->plan->claims.n_vfs; i++) {
		const struct vfs *vfs = &draft->plan->claims.vfs[i];

		if (!device_of(draft, vfs))
			draft_finding(draft, FINDING_WARNING, FOUND_DEVICE_GONE,
				vfs->address,
				"%s (%s) shall have %u virtual functions by " CLAIMS_PATH
				" but is not there: it was taken out, or addresses have moved. pciferry repair plans what to do about it.",
				vfs->address, vfs->id, vfs->count);
	}
}

/* How many pciferry makes, by the plan; -1 where that is none of its business. */
static long planned_number(const struct draft *draft, const struct device *d)
{
	const struct claims *lists[] = { &draft->plan->claims, &draft->host->claims };

	for (size_t l = 0; l < ARRAY_SIZE(lists); l++)
		for (size_t i = 0; i < lists[l]->n_vfs; i++)
			if (device_of(draft, &lists[l]->vfs[i]) == d)
				return l == 0 ? (long)lists[l]->vfs[i].count : 0;
	return -1;
}

/* A number that is there is not changed for another but by way of none: whoever comes
 * second gets -EBUSY (drivers/pci/iov.c, sriov_numvfs_store). */
static void tell_elsewhere(struct draft *draft)
{
	CLEANUP(acts_done) struct acts acts = { 0 };

	acts_read(draft->host, draft->user_kargs, &acts);
	for (size_t i = 0; i < acts.n; i++) {
		const struct act *act = &acts.list[i];
		const struct device *d =
			act->address ? host_device(draft->host, act->address) : NULL;
		long planned = d ? planned_number(draft, d) : -1;

		if (act->kind != ACT_VFS || planned < 0 || planned == act->number)
			continue;
		draft_finding(draft, FINDING_WARNING, FOUND_VFS_ELSEWHERE, d->address,
			planned ? "%s:%zu has %ld virtual functions made of %s at every boot, and this plan %ld: the kernel takes the first number and refuses the other. Take the line out."
				: "%s:%zu has %ld virtual functions made of %s at every boot, which goes on: with this plan it would have %ld. Take the line out.",
			act->path, act->line, act->number, d->address, planned);
	}
}

/* -- who makes them ---------------------------------------------------------------- */

/* The user's own, in the order in which they are to be told: what is certain first. */
static const struct vfs_maker *a_maker(const struct vfs_makers *makers, bool certain)
{
	for (size_t i = 0; i < makers->n; i++)
		if (makers->list[i].certain == certain &&
			(!makers->list[i].path || path_is_users(makers->list[i].path)))
			return &makers->list[i];
	return NULL;
}

static void tell_unclear(
	struct draft *draft, const struct device *pf, const struct vfs_makers *makers)
{
	const struct vfs_maker *unclear = a_maker(makers, false);
	autofree char *place = unclear ? vfs_maker_place(unclear) : NULL;

	if (unclear)
		draft_finding(draft, FINDING_INFO, FOUND_VFS_ELSEWHERE, pf->address,
			"%s may set a number of virtual functions of %s too: whether it does, and when, is not known.",
			place, pf->address);
}

static bool has_claimed_function(const struct draft *draft, const struct device *pf)
{
	for (size_t i = 0; i < draft->plan->claims.n; i++)
		if (is_function_of(draft, &draft->plan->claims.list[i], pf))
			return true;
	return false;
}

static void tell_not_made(
	struct draft *draft, const struct device *pf, const struct vfs_makers *makers)
{
	const struct vfs_maker *unclear = a_maker(makers, false);
	autofree char *place = unclear ? vfs_maker_place(unclear) : NULL;
	int count = pf->vfs_now > 0 ? pf->vfs_now : 1;

	if (a_maker(makers, true))
		return;
	if (unclear)
		draft_finding(draft, FINDING_INFO, FOUND_VFS_NOT_MADE, pf->address,
			"%s starts with no virtual functions. %s may make them: whether it does, and how many, is not known. pciferry vfs %s %d has them made at every boot.",
			pf->address, place, pf->address, count);
	else
		draft_finding(draft, FINDING_WARNING, FOUND_VFS_NOT_MADE, pf->address,
			"%s starts with no virtual functions, and nothing here makes them (" VFS_PLACES
			"): pciferry vfs %s %d",
			pf->address, pf->address, count);
}

static void tell_makers(struct draft *draft)
{
	for (size_t i = 0; i < draft->host->n_devices; i++) {
		const struct device *pf = &draft->host->devices[i];
		unsigned wanted = claims_vfs(&draft->plan->claims, pf->address);
		CLEANUP(vfs_makers_done) struct vfs_makers makers = { 0 };

		if (pf->vfs_total <= 0 || (!wanted && !has_claimed_function(draft, pf)))
			continue;
		vfs_makers_find(
			draft->host, &draft->modprobe, draft->user_kargs, pf, &makers);
		if (wanted)
			tell_unclear(draft, pf, &makers);
		else
			tell_not_made(draft, pf, &makers);
	}
}

void plan_vfs(struct draft *draft)
{
	static const char *const reload[] = { "/usr/bin/udevadm", "control", "--reload",
		NULL };
	autofree char *rules = vfs_rules_text(draft);

	draft_own(draft, RULES, rules,
		"how many virtual functions there are at every boot");
	if (draft->host->live && draft_changes(draft, RULES))
		draft_command(draft, reload, "makes udev read its rules again");
	tell_gone(draft);
	tell_elsewhere(draft);
	tell_makers(draft);
	if (draft->request->given_nothing)
		draft_finding(draft, FINDING_WARNING, FOUND_VFS_UNCLAIMED,
			draft->request->given_nothing,
			"None of the virtual functions of %s is claimed, so nobody was given any: pciferry apply --user hands them over.",
			draft->request->given_nothing);
	change_all_now(draft);
}
