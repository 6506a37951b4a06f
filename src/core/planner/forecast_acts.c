// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The acts in their order, and udev between those before it and those after it. A driver
 * takes a device that has none: when it is loaded, when the device is probed, when it is
 * told so by "bind", if driver_override or its list of IDs lets it (drivers/base/bus.c,
 * drivers/pci/pci-driver.c). What a device has it keeps until "unbind".
 */
#include "core/planner/forecast_acts.h"
#include "core/base/text.h"

#define VFIO "vfio-pci"

struct course {
	const struct forecast_boot *boot;
	const struct device *device;
	const struct acts_base *base;
	const struct driver_forecast *without; /* what it comes to without acts */
	const char *override, *bound; /* NULL: none */
	bool loaded; /* vfio-pci is */
	bool id; /* and it was given the device's ID */
	bool refused; /* it would not take the device */
	bool udev; /* has been at work */
	bool unclear; /* something is not understood */
	const struct act *last; /* that had a say */
	const struct act *late; /* that a driver may have been before */
};

static bool matches(const struct course *c)
{
	return c->override ? streq(c->override, VFIO) : c->id || c->base->named;
}

static void take(struct course *c)
{
	if (c->bound || !c->loaded || !matches(c))
		return;
	if (c->base->no)
		c->refused = true;
	else
		c->bound = VFIO;
}

static void load(struct course *c)
{
	bool before = c->loaded;

	c->loaded = !c->boot->no_vfio;
	if (!before)
		take(c);
}

/* Drivers are loaded for what has none; the user's rules have had their say. */
static void pass_udev(struct course *c)
{
	if (c->udev)
		return;
	c->udev = true;
	if (c->base->first)
		load(c);
	if (c->base->rule)
		c->override = c->base->rule;
	if (!c->bound && (!c->override || c->base->rule))
		c->bound = c->without->driver;
	else if (!c->bound && !streq(c->override, VFIO))
		c->bound = c->override;
	if (c->boot->vfio_loads)
		load(c);
}

static void act_override(struct course *c, const struct act *act)
{
	/* Beside udev, or behind it: whether it had the driver there is not known. */
	if ((act->stage == ACT_IMAGE || act->stage == ACT_UDEV) && c->bound &&
		!c->base->builtin && streq_null(act->driver, VFIO) &&
		!streq(c->bound, VFIO))
		c->late = act;
	c->override = act->driver;
}

static void act_bind(struct course *c, const struct act *act)
{
	if (streq(act->driver, VFIO))
		take(c);
	else if (!c->bound && (!c->override || streq(c->override, act->driver)))
		c->bound = act->driver;
}

static void act_unbind(struct course *c, const struct act *act)
{
	if (act->driver && !streq_null(c->bound, act->driver))
		return;
	c->bound = NULL;
	c->late = NULL;
}

static void act_probe(struct course *c, const struct act *act UNUSED)
{
	if (c->bound)
		return;
	take(c);
	if (!c->bound && !c->refused && !(c->override && streq(c->override, VFIO)))
		c->bound = c->override ?: c->base->own;
}

static void act_new_id(struct course *c, const struct act *act)
{
	if (!streq(act->driver, VFIO)) {
		act_bind(c, act);
		return;
	}
	c->id |= c->loaded; /* the file is there with the driver only */
	take(c);
}

static void act_load(struct course *c, const struct act *act)
{
	c->id |= act->id && !c->loaded;
	load(c);
}

static void act_detach(struct course *c, const struct act *act)
{
	c->override = act->driver;
	c->bound = NULL;
	c->late = NULL;
	if (streq(act->driver, VFIO))
		load(c);
	else
		c->bound = act->driver;
	take(c);
}

static void (*const kinds[])(struct course *c, const struct act *act) = {
	[ACT_OVERRIDE] = act_override,
	[ACT_BIND] = act_bind,
	[ACT_UNBIND] = act_unbind,
	[ACT_PROBE] = act_probe,
	[ACT_NEW_ID] = act_new_id,
	[ACT_LOAD] = act_load,
	[ACT_VFS] = NULL,
	[ACT_DETACH] = act_detach,
	[ACT_UNCLEAR] = NULL,
};

static void doubt(struct course *c, struct driver_forecast *ret, const struct act *act,
	const char *fmt)
{
	autofree char *place = text_printf("%s:%zu", act->path, act->line);

	if (c->unclear)
		return;
	c->unclear = true;
	free(ret->doubt);
	ret->doubt = text_printf("%s %s", place, fmt);
	free(ret->why);
	ret->why = text_printf("not known: %s", ret->doubt);
}

static void run_act(struct course *c, const struct act *act)
{
	const char *before = c->bound, *override = c->override;
	bool id = c->id;

	if (act->stage > ACT_IMAGE_EARLY)
		pass_udev(c);
	/* udev's own assignment, and its probing, are among what is known. */
	if (act->rule)
		return;
	if (!kinds[act->kind])
		return;
	kinds[act->kind](c, act);
	/* Of a load counts what comes of it. */
	if (act->kind != ACT_LOAD || !streq_null(before, c->bound) || c->id != id ||
		!streq_null(override, c->override))
		if (act->kind != ACT_LOAD || !c->last)
			c->last = act;
}

static char *why(const struct course *c)
{
	autofree char *place = text_printf("%s:%zu", c->last->path, c->last->line);

	if (streq_null(c->bound, VFIO))
		return text_printf("%s gives it to vfio-pci", place);
	if (c->bound && streq_null(c->bound, c->without->driver))
		return c->without->why ? xstrdup(c->without->why) : NULL;
	if (c->bound)
		return text_printf("%s gives it to %s", place, c->bound);
	if (c->refused || (streq_null(c->override, VFIO) && c->base->no))
		return text_printf(
			"%s keeps it for vfio-pci, but %s", place, c->base->no);
	if (streq_null(c->override, VFIO))
		return text_printf("%s keeps it for vfio-pci, but %s", place,
			c->loaded ? "that is there before, and does not look again"
				  : "nothing loads that");
	return text_printf("%s takes it from its driver", place);
}

/* An override that may be too late: what came of it at this boot is all that is known. */
static void settle_late(struct course *c, struct driver_forecast *ret)
{
	if (!c->late || streq_null(c->bound, VFIO))
		return;
	if (streq_null(c->device->driver, VFIO) && !c->base->no) {
		c->bound = VFIO;
		c->last = c->late;
	} else if (!c->base->no) {
		doubt(c, ret, c->late,
			"sets its driver_override when a driver may have it already");
	}
}

static void conclude(struct course *c, struct driver_forecast *ret)
{
	bool same = streq_null(c->bound, ret->driver);
	autofree char *driver = c->bound ? xstrdup(c->bound) : NULL;
	autofree char *text = NULL;

	if (!c->last || c->unclear || (same && ret->why && !ret->doubt))
		return;
	free(TAKE(ret->doubt));
	text = why(c);
	free(ret->why);
	ret->why = TAKE(text);
	ret->own = c->bound && streq_null(c->bound, c->base->own);
	if (same)
		return;
	free(ret->driver);
	ret->driver = TAKE(driver);
}

void forecast_acts(const struct forecast_boot *boot, const struct device *d,
	const struct acts_base *base, struct driver_forecast *ret)
{
	const struct forecast_state *o = boot->state;
	struct course c = { .boot = boot,
		.device = d,
		.base = base,
		.without = ret,
		.loaded = boot->vfio_builtin,
		.bound = base->builtin ? base->own : NULL };

	for (size_t i = 0; i < o->acts.n; i++) {
		const struct act *act = &o->acts.list[i];

		if (act->kind == ACT_VFS || act->stage < base->from ||
			!act_concerns(act, &o->host, d))
			continue;
		ret->acted |= act->kind != ACT_LOAD || act->id;
		if (act->stage == ACT_GUEST)
			continue;
		if (act->kind == ACT_UNCLEAR)
			doubt(&c, ret, act,
				"acts on this device in a way pciferry does not understand");
		else
			run_act(&c, act);
	}
	pass_udev(&c);
	if (c.last)
		settle_late(&c, ret);
	conclude(&c, ret);
}
