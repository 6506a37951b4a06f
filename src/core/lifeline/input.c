// SPDX-License-Identifier: GPL-2.0-or-later
/* The USB controller of the only keyboard, by /proc/bus/input/devices. */
#include "core/lifeline/input.h"
#include "core/base/strv.h"
#include "core/lifeline/trace.h"
#include "core/lifeline/walk.h"

#include <inttypes.h>

#define PATH "/proc/bus/input/devices"

/* An input device: a paragraph of the file. Pointers are into its lines. */
struct input {
	const char *name; /* "Logitech USB Keyboard" */
	char *path; /* in sysfs: "/devices/pci0000:00/0000:00:14.0/usb1/1-3/..." */
	bool keyboard, mouse;
};

struct inputs {
	struct input *list;
	size_t n;
};

/*
 * Keys 1 to 31: what udev too calls a keyboard (udev-builtin-input_id.c). Power buttons
 * and remote controls have a few keys only.
 */
#define KEYS UINT64_C(0xfffffffe)

static void parse_line(struct input *in, char *line)
{
	const char *keys = after_prefix(line, "B: KEY="), *last;

	if (after_prefix(line, "N: Name=\""))
		in->name = line + strlen("N: Name=\""), line[strlen(line) - 1] = '\0';
	else if (after_prefix(line, "S: Sysfs="))
		in->path = line + strlen("S: Sysfs=");
	else if (after_prefix(line, "H: Handlers="))
		in->mouse = strstr(line, "mouse");
	if (!keys)
		return;
	last = strrchr(keys, ' '); /* the words of a bitmap, the lowest last */
	in->keyboard = (strtoull(last ? last : keys, NULL, 16) & KEYS) == KEYS;
}

static void parse(char *const *lines, struct inputs *ret)
{
	strv_foreach (line, lines) {
		if (after_prefix(line, "I: ")) {
			GROW(ret->list, ret->n);
			ret->n++;
		}
		if (ret->n)
			parse_line(&ret->list[ret->n - 1], line);
	}
}

static void inputs_done(struct inputs *inputs)
{
	free(inputs->list);
}

/* Up to the USB device: ".../usb1/1-3", without the interface 1-3:1.0. */
static size_t usb_device(const char *path)
{
	const char *usb = strstr(path, "/usb"), *colon = usb ? strchr(usb, ':') : NULL;

	while (colon && *colon != '/')
		colon--;
	return colon ? (size_t)(colon - path) : strlen(path);
}

/*
 * A mouse with macro keys and a receiver of wireless things call themselves keyboards as
 * well: what is a mouse too may be no keyboard at all.
 */
static bool is_mouse_too(const struct inputs *inputs, const struct input *in)
{
	size_t n = usb_device(in->path);

	for (size_t i = 0; i < inputs->n; i++) {
		const struct input *other = &inputs->list[i];

		if (other->mouse && other->path && usb_device(other->path) == n &&
			strncmp(other->path, in->path, n) == 0)
			return true;
	}
	return false;
}

/* The last endpoint on the path: the controller. NULL: it hangs on no PCI device. */
static struct device *controller_of(const struct trace *t, const struct input *in)
{
	autostrv char **parts = strv_split(in->path, "/");
	struct device *last = NULL;

	strv_foreach (part, parts) {
		struct device *d = host_device(t->host, part);

		if (d && !device_is_bridge(d))
			last = d;
	}
	return last;
}

/* Where the host can be typed on. */
struct typed {
	const struct input *first, *ambiguous, *bluetooth;
	const struct device *on; /* the controller of the first */
	bool elsewhere; /* on another controller, or none (PS/2) */
};

static void look_at(const struct trace *t, const struct inputs *inputs,
	const struct input *in, struct typed *typed)
{
	struct device *d;

	if (!in->keyboard || !in->path ||
		after_prefix(in->path, "/devices/virtual/input/"))
		return; /* made by a program */
	if (after_prefix(in->path, "/devices/virtual/")) {
		typed->bluetooth = in; /* uhid: BlueZ has its other end */
		return;
	}
	if (is_mouse_too(inputs, in)) {
		typed->ambiguous = in;
		return;
	}
	d = controller_of(t, in);
	typed->elsewhere |= !d || (typed->first && d != typed->on);
	typed->first = in;
	typed->on = d;
}

/* None is surely a keyboard: then each one that may be it counts. */
static void add_ambiguous(struct trace *t, const struct inputs *inputs)
{
	for (size_t i = 0; i < inputs->n; i++) {
		const struct input *in = &inputs->list[i];
		struct device *d;

		if (!in->keyboard || !in->path ||
			after_prefix(in->path, "/devices/virtual/"))
			continue;
		d = controller_of(t, in);
		if (d)
			lifeline_add(d, t->lifeline,
				"what may be the only keyboard (%s; it is a mouse too) is on this device",
				in->name ?: "without a name");
	}
}

static void input_judge(
	struct trace *t, const struct inputs *inputs, const struct typed *typed)
{
	autowalk struct walk w = { .trace = t, .user = "the only keyboard" };

	if (typed->elsewhere)
		return;
	if (typed->first) {
		lifeline_add((struct device *)typed->on, t->lifeline,
			"the only keyboard (%s) is on this device",
			typed->first->name ?: "without a name");
		return;
	}
	if (typed->bluetooth)
		walk_lost(&w, SUSPECT_USB, "%s, which is wireless",
			typed->bluetooth->name ?: "without a name");
	if (typed->ambiguous)
		add_ambiguous(t, inputs);
}

void trace_keyboard(struct trace *t)
{
	CLEANUP(inputs_done) struct inputs inputs = { 0 };
	autofree char *text = NULL;
	autostrv char **lines = NULL;
	struct typed typed = { 0 };

	if (root_read(t->root, PATH, ROOT_TEXT_MAX, &text, NULL) < 0)
		return;
	lines = strv_split(text, "\n");
	parse(lines, &inputs);
	for (size_t i = 0; i < inputs.n; i++)
		look_at(t, &inputs, &inputs.list[i], &typed);
	input_judge(t, &inputs, &typed);
}

void suspect_usb(struct trace *t, const struct doubt *doubt)
{
	for (size_t i = 0; i < t->host->n_devices; i++) {
		struct device *d = &t->host->devices[i];

		if (device_kind(d) == DEVICE_USB && !device_is_passed(d))
			lifeline_add(d, doubt->lifeline, "%s", doubt->why);
	}
}
