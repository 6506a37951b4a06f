// SPDX-License-Identifier: GPL-2.0-or-later
/* What the user has set up for single devices: driverctl's overrides, udev rules; and
 * which devices of a release the user's own lines keep on vfio-pci. */
#include "core/existing/devices.h"
#include "core/base/strv.h"
#include "core/base/text.h"
#include "core/existing/ids.h"
#include "core/format/token.h"
#include "core/format/udev.h"
#include "core/existing/existing.h"

/* driverctl keeps a file a device, named by its address; it holds the driver's name. */
static const char *const driverctl[] = { "/etc/driverctl.d/", "/etc/driverctl.d/pci-" };

int existing_watch_devices(struct watches *watches)
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

	return watch(watches, files);
}

/* The file and the driver in it; *ret_driver stays NULL where there is none. */
static int driverctl_of(const struct draft *draft, const struct device *d,
	char **ret_path, char **ret_driver)
{
	for (size_t i = 0; i < ARRAY_SIZE(driverctl); i++) {
		autofree char *path = NULL;
		const char *text;

		if (text_set(&path, "%s%s", driverctl[i], d->address) < 0)
			return -ENOMEM;
		text = host_text(draft->host, path);
		if (!text || !*text)
			continue;
		*ret_driver = strndup(text, strcspn(text, " \t\r\n"));
		*ret_path = TAKE(path);
		return *ret_driver ? 0 : -ENOMEM;
	}
	return 0;
}

/* "FILE:LINE" of the user's udev rules that override the device's driver with vfio-pci.
 */
static int rule_place(const struct draft *draft, const struct device *d, char **ret)
{
	autofree const struct file **files = NULL;
	size_t n = 0;

	if (host_files_by_name(draft->host, "/rules.d/", &files, &n) < 0)
		return -ENOMEM;
	for (size_t i = 0; i < n && !*ret; i++) {
		struct udev_override rule = { 0 };
		autofree char *driver = NULL;

		if (!path_is_users(files[i]->path))
			continue;
		if (udev_override(files[i]->text, d, draft->user_kargs, &rule) < 0)
			return free(rule.driver), -ENOMEM;
		driver = rule.driver;
		if (streq_null(driver, "vfio-pci") &&
			text_set(ret, "%s:%zu", files[i]->path,
				token_line(files[i]->text, "vfio-pci")) < 0)
			return -ENOMEM;
	}
	return 0;
}

static int override_place(const struct draft *draft, const struct device *d, char **ret)
{
	autofree char *path = NULL, *driver = NULL;

	if (driverctl_of(draft, d, &path, &driver) < 0)
		return -ENOMEM;
	if (streq_null(driver, "vfio-pci"))
		return *ret = TAKE(path), 0;
	return rule_place(draft, d, ret);
}

static int tell_rule(struct draft *draft, const struct device *d)
{
	autofree char *place = NULL;

	if (rule_place(draft, d, &place) < 0)
		return -ENOMEM;
	return place ? draft_finding(draft, FINDING_INFO, FOUND_USER_OVERRIDE, d->address,
			       "%s gives %s to vfio-pci already: it stays as it is, and does so at the way out of the boot menu too.",
			       place, d->address)
		     : 0;
}

static int tell_claim(struct draft *draft, const struct device *d)
{
	autofree char *path = NULL, *driver = NULL;

	if (driverctl_of(draft, d, &path, &driver) < 0)
		return -ENOMEM;
	if (!driver)
		return tell_rule(draft, d);
	if (streq(driver, "vfio-pci"))
		return draft_finding(draft, FINDING_INFO, FOUND_USER_OVERRIDE, d->address,
			"%s gives %s to vfio-pci already: it stays as it is.", path,
			d->address);
	return draft_finding(draft, FINDING_REFUSAL, FOUND_USER_OVERRIDE, d->address,
		"%s gives %s to %s at every boot, and would take it from vfio-pci: run driverctl unset-override %s first.",
		path, d->address, driver, d->address);
}

static int tell_release(struct draft *draft, const struct device *d)
{
	autofree char *place = NULL;

	if (existing_ids_place(draft, d, &place) < 0 ||
		(!place && override_place(draft, d, &place) < 0))
		return -ENOMEM;
	return place ? draft_finding(draft, FINDING_WARNING, FOUND_USERS_KEEP, d->address,
			       "%s is released, but %s gives it to vfio-pci too, and is yours: take it out there to have its own driver back.",
			       d->address, place)
		     : 0;
}

int existing_tell_devices(struct draft *draft)
{
	const struct claims *now = &draft->host->claims, *planned = &draft->plan->claims;
	int r = 0;

	for (size_t i = 0; r == 0 && i < planned->n; i++) {
		const struct device *d = draft_device(draft, &planned->list[i]);

		r = d ? tell_claim(draft, d) : 0;
	}
	for (size_t i = 0; r == 0 && i < now->n; i++) {
		const struct device *d = draft_device(draft, &now->list[i]);

		if (d && !claims_find(planned, d->address))
			r = tell_release(draft, d);
	}
	return r;
}
