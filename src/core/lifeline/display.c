// SPDX-License-Identifier: GPL-2.0-or-later
/* The screen the host's console is on: the firmware's display, or the last one left. */
#include "core/lifeline/display.h"
#include "core/base/strv.h"
#include "core/lifeline/trace.h"
#include "core/lifeline/walk.h"

#define DRM "/sys/class/drm"
#define PATH_SIZE 320

/* Whether an entry of class drm belongs to the device. */
static bool is_of(const struct trace *t, const char *entry, const struct device *d)
{
	autofree char *target = NULL;
	char path[PATH_SIZE];
	const char *at;

	(void)snprintf(path, sizeof(path), DRM "/%.200s", entry);
	if (root_readlink(t->root, path, &target) < 0)
		return false;
	at = strstr(target, d->address);
	return at && at[strlen(d->address)] == '/';
}

static bool has_value(
	const struct trace *t, const char *entry, const char *name, const char *want)
{
	autofree char *value = NULL;
	char path[PATH_SIZE];

	(void)snprintf(path, sizeof(path), DRM "/%.200s/%s", entry, name);
	return root_read_attr(t->root, path, &value) == 0 && streq(value, want);
}

/* What class drm says of a device. */
struct screens {
	bool boot; /* boot_display is 1: the firmware's, VGA or not (Linux 6.18 and newer)
		    */
	char **connected; /* "HDMI-A-1"; see strv.h */
};

static struct screens read_screens(const struct trace *t, const struct device *d)
{
	autostrv char **entries = NULL;
	struct screens s = { 0 };

	if (root_list(t->root, DRM, &entries) < 0)
		return s;
	strv_foreach (entry, entries) {
		const char *connector = strchr(entry, '-'); /* card0-HDMI-A-1 */

		if (!is_of(t, entry, d))
			continue;
		if (!connector)
			s.boot |= has_value(t, entry, "boot_display", "1");
		else if (has_value(t, entry, "status", "connected"))
			strv_add(&s.connected, connector + 1);
	}
	return s;
}

static void display_judge(struct trace *t, struct device *d, const char *only)
{
	struct screens s = read_screens(t, d);
	autostrv char **connected = s.connected;
	autofree char *list = NULL;
	const char *why = only;

	if (d->boot_vga || s.boot)
		why = "the firmware's boot display is on it";
	if (!why)
		return;
	list = strv_join(connected, ", ");
	if (list[0])
		lifeline_add(d, t->lifeline, "%s; a screen is connected (%s)", why, list);
	else
		lifeline_add(d, t->lifeline, "%s", why);
}

/* Whether a screen can be on it: a 3D controller counts where one is. */
static bool shows(const struct trace *t, const struct device *d)
{
	struct screens s;
	autostrv char **connected = NULL;

	if (device_kind(d) != DEVICE_GPU || device_is_display(d))
		return device_kind(d) == DEVICE_GPU;
	s = read_screens(t, d);
	connected = s.connected;
	return s.boot || connected;
}

void trace_display(struct trace *t)
{
	size_t all = 0, left = 0;

	for (size_t i = 0; i < t->host->n_devices; i++)
		if (shows(t, &t->host->devices[i])) {
			all++;
			left += !device_is_passed(&t->host->devices[i]);
		}
	for (size_t i = 0; i < t->host->n_devices; i++) {
		struct device *d = &t->host->devices[i];
		const char *only =
			!shows(t, d) ? NULL
			: all == 1   ? "it is the only display controller"
			: left == 1 && !device_is_passed(d)
				? "it is the only display controller the host has left"
				: NULL;

		if (device_kind(d) == DEVICE_GPU)
			display_judge(t, d, only);
	}
}
