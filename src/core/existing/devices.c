// SPDX-License-Identifier: GPL-2.0-or-later
/* What the user has set up for single devices: driverctl's overrides, udev rules; and
 * which devices of a release the user's own lines keep on vfio-pci. */
#include "core/existing/devices.h"
#include "core/base/strv.h"
#include "core/base/text.h"
#include "core/existing/doors.h"
#include "core/existing/ids.h"
#include "core/existing/rules.h"
#include "core/format/token.h"
#include "core/format/udev.h"
#include "core/host/act.h"
#include "core/existing/existing.h"

/* driverctl keeps a file a device, named by its address; it holds the driver's name. */
static const char *const driverctl[] = { "/etc/driverctl.d/", "/etc/driverctl.d/pci-" };

void existing_watch_devices(struct watches *watches)
{
	static const struct watched files[] = {
		{ .path = "/etc/udev/rules.d/", .suffix = ".rules" },
		{ .path = "/run/udev/rules.d/", .suffix = ".rules", .masked = true },
		{ .path = "/usr/local/lib/udev/rules.d/",
			.suffix = ".rules",
			.masked = true },
		{ .path = "/usr/lib/udev/rules.d/", .suffix = ".rules", .masked = true },
		{ .path = "/lib/udev/rules.d/", .suffix = ".rules", .masked = true },
		{ .path = "/etc/driverctl.d/", .suffix = "" },
		{ 0 },
	};

	watch(watches, files);
}

/* The file and the driver in it; *ret_driver stays NULL where there is none. */
static void driverctl_of(const struct draft *draft, const struct device *d,
	char **ret_path, char **ret_driver)
{
	for (size_t i = 0; i < ARRAY_SIZE(driverctl); i++) {
		autofree char *path = text_printf("%s%s", driverctl[i], d->address);
		const char *text = host_text(draft->host, path);

		if (!text || !*text)
			continue;
		*ret_driver = xstrndup(text, strcspn(text, " \t\r\n"));
		*ret_path = TAKE(path);
		return;
	}
}

/* "FILE:LINE" of the user's udev rules that override the device's driver with vfio-pci.
 */
static char *rule_place(const struct draft *draft, const struct device *d)
{
	size_t n;
	autofree const struct file **files =
		host_files_by_name(draft->host, "/rules.d/", &n);
	autofree const struct device **chain = rules_chain(draft->host, d);
	const struct udev_device device = { .chain = chain, .words = draft->user_kargs };

	for (size_t i = 0; i < n; i++) {
		const struct script script = { .path = files[i]->path };
		struct udev_override rule = { 0 };
		autofree char *driver = NULL;

		if (!path_is_users(files[i]->path))
			continue;
		udev_read(&script, files[i]->text, &device, &rule, NULL);
		driver = rule.driver;
		if (streq_null(driver, "vfio-pci"))
			return text_printf("%s:%zu", files[i]->path,
				token_line(files[i]->text, "vfio-pci"));
	}
	return NULL;
}

/* The same of other doors: scripts, units. */
static char *act_place(
	const struct draft *draft, const struct acts *acts, const struct device *d)
{
	for (size_t i = 0; i < acts->n; i++) {
		const struct act *act = &acts->list[i];

		if (act_gives(act) && act->stage != ACT_GUEST &&
			act_concerns(act, draft->host, d))
			return text_printf("%s:%zu", act->path, act->line);
	}
	return NULL;
}

static char *override_place(
	const struct draft *draft, const struct acts *acts, const struct device *d)
{
	autofree char *path = NULL, *driver = NULL, *place = NULL;

	driverctl_of(draft, d, &path, &driver);
	if (streq_null(driver, "vfio-pci"))
		return TAKE(path);
	place = rule_place(draft, d);
	return place ? TAKE(place) : act_place(draft, acts, d);
}

static void tell_rule(
	struct draft *draft, const struct acts *acts, const struct device *d)
{
	autofree char *place = rule_place(draft, d);
	autofree char *script = place ? NULL : act_place(draft, acts, d);

	if (script)
		draft_finding(draft, FINDING_INFO, FOUND_USER_OVERRIDE, d->address,
			"%s gives %s to vfio-pci already: it stays as it is, and acts at the way out of the boot menu too, where vfio-pci is not loaded: the device may be without a driver then.",
			script, d->address);
	if (place)
		draft_finding(draft, FINDING_INFO, FOUND_USER_OVERRIDE, d->address,
			"%s gives %s to vfio-pci already: it stays as it is, and does so at the way out of the boot menu too.",
			place, d->address);
}

static void tell_claim(
	struct draft *draft, const struct acts *acts, const struct device *d)
{
	autofree char *path = NULL, *driver = NULL;

	driverctl_of(draft, d, &path, &driver);
	if (!driver)
		tell_rule(draft, acts, d);
	else if (streq(driver, "vfio-pci"))
		draft_finding(draft, FINDING_INFO, FOUND_USER_OVERRIDE, d->address,
			"%s gives %s to vfio-pci already: it stays as it is.", path,
			d->address);
	else
		draft_finding(draft, FINDING_REFUSAL, FOUND_USER_OVERRIDE, d->address,
			"%s gives %s to %s at every boot, and would take it from vfio-pci: run driverctl unset-override %s first.",
			path, d->address, driver, d->address);
}

static void tell_release(
	struct draft *draft, const struct acts *acts, const struct device *d)
{
	autofree char *place = existing_ids_place(draft, d);

	if (!place)
		place = override_place(draft, acts, d);
	if (place)
		draft_finding(draft, FINDING_WARNING, FOUND_USERS_KEEP, d->address,
			"%s is released, but %s gives it to vfio-pci too, and is yours: take it out there to have its own driver back.",
			d->address, place);
}

void existing_tell_devices(struct draft *draft)
{
	const struct claims *now = &draft->host->claims, *planned = &draft->plan->claims;
	CLEANUP(acts_done) struct acts acts = { 0 };

	acts_read(draft->host, draft->user_kargs, &acts);
	for (size_t i = 0; i < planned->n; i++) {
		const struct device *d = draft_device(draft, &planned->list[i]);

		if (d)
			tell_claim(draft, &acts, d);
	}
	for (size_t i = 0; i < now->n; i++) {
		const struct device *d = draft_device(draft, &now->list[i]);

		if (d && !claims_find(planned, d->address))
			tell_release(draft, &acts, d);
	}
}
