// SPDX-License-Identifier: GPL-2.0-or-later
/* The screen the host's console is on: the firmware's display, or the last one left. */
#include "core/lifeline/display.h"
#include "core/base/strv.h"
#include "core/lifeline/trace.h"
#include "core/lifeline/walk.h"

#define DRM "/sys/class/drm"
#define PATH_SIZE 320

/* Whether an entry of class drm belongs to the device. */
static int is_of(const struct trace *t, const char *entry, const struct device *d)
{
	autofree char *target = NULL;
	char path[PATH_SIZE];
	const char *at;
	int r;

	(void)snprintf(path, sizeof(path), DRM "/%.200s", entry);
	r = root_readlink(t->root, path, &target);
	if (r < 0)
		return r == -ENOMEM ? r : 0;
	at = strstr(target, d->address);
	return at && at[strlen(d->address)] == '/';
}

static int has_value(
	const struct trace *t, const char *entry, const char *name, const char *want)
{
	autofree char *value = NULL;
	char path[PATH_SIZE];
	int r;

	(void)snprintf(path, sizeof(path), DRM "/%.200s/%s", entry, name);
	r = root_read_attr(t->root, path, &value);
	if (r < 0)
		return r == -ENOMEM ? r : 0;
	return streq(value, want);
}

/* What class drm says of a device. */
struct screens {
	bool boot; /* boot_display is 1: the firmware's, VGA or not (Linux 6.18 and newer)
		    */
	char **connected; /* "HDMI-A-1"; see strv.h */
};

static int read_screens(const struct trace *t, const struct device *d, struct screens *s)
{
	autostrv char **entries = NULL;
	int r = root_list(t->root, DRM, &entries);

	if (r < 0)
		return r == -ENOMEM ? r : 0;
	strv_foreach (entry, entries) {
		const char *connector = strchr(entry, '-'); /* card0-HDMI-A-1 */

		r = is_of(t, entry, d);
		if (r > 0)
			r = connector ? has_value(t, entry, "status", "connected")
				      : has_value(t, entry, "boot_display", "1");
		if (r > 0 && !connector)
			s->boot = true;
		else if (r > 0)
			r = strv_add(&s->connected, connector + 1);
		if (r < 0)
			return r;
	}
	return 0;
}

static int display_judge(struct trace *t, struct device *d, const char *only)
{
	struct screens s = { 0 };
	autofree char *list = NULL;
	autostrv char **connected = NULL;
	const char *why = only;
	int r = read_screens(t, d, &s);

	connected = s.connected;
	if (d->boot_vga || s.boot)
		why = "the firmware's boot display is on it";
	if (r < 0 || !why)
		return r;
	if (strv_join(connected, ", ", &list) < 0)
		return -ENOMEM;
	return list[0] ? lifeline_add(d, t->lifeline, "%s; a screen is connected (%s)",
				 why, list)
		       : lifeline_add(d, t->lifeline, "%s", why);
}

/* Whether a screen can be on it: a 3D controller counts where one is. */
static int shows(const struct trace *t, const struct device *d)
{
	struct screens s = { 0 };
	autostrv char **connected = NULL;
	int r;

	if (device_kind(d) != DEVICE_GPU || device_is_display(d))
		return device_kind(d) == DEVICE_GPU;
	r = read_screens(t, d, &s);
	connected = s.connected;
	return r < 0 ? r : s.boot || connected;
}

int trace_display(struct trace *t)
{
	size_t all = 0, left = 0;

	for (size_t i = 0; i < t->host->n_devices; i++) {
		int r = shows(t, &t->host->devices[i]);

		if (r < 0)
			return r;
		all += (size_t)r;
		left += r && !device_is_passed(&t->host->devices[i]);
	}
	for (size_t i = 0; i < t->host->n_devices; i++) {
		struct device *d = &t->host->devices[i];
		int r = shows(t, d);
		const char *only =
			r <= 0	   ? NULL
			: all == 1 ? "it is the only display controller"
			: left == 1 && !device_is_passed(d)
				? "it is the only display controller the host has left"
				: NULL;

		if (r < 0 ||
			(device_kind(d) == DEVICE_GPU && display_judge(t, d, only) < 0))
			return -ENOMEM;
	}
	return 0;
}
