// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/format/udevkeys.h"
#include "core/base/buf.h"
#include "core/base/strv.h"
#include "core/format/kargs.h"

#include <ctype.h>
#include <fnmatch.h>

void udev_item_done(struct udev_item *item)
{
	free(item->key);
	free(item->attribute);
	free(item->value);
	*item = (struct udev_item){ 0 };
}

static char *piece(const char *from, const char *to)
{
	return xstrndup(from, (size_t)(to - from));
}

void udev_strip_own(const struct udev_keys *keys, struct udev_item *item)
{
	char own[64];
	const char *rest;

	(void)snprintf(own, sizeof(own), "[pci/%s]", keys->chain[0]->address);
	rest = item->attribute ? after_prefix(item->attribute, own) : NULL;
	if (rest)
		memmove(item->attribute, rest, strlen(rest) + 1);
}

bool udev_next_item(const char **at, struct udev_item *item)
{
	const char *s = *at + strspn(*at, " \t,"), *end, *brace;
	size_t op;

	end = s + strcspn(s, "{=!+-:, \t");
	if (end == s)
		return false;
	item->key = piece(s, end);
	brace = *end == '{' ? strchr(end, '}') : NULL;
	if (brace) {
		item->attribute = piece(end + 1, brace);
		end = brace + 1;
	}
	end += strspn(end, " \t");
	op = strspn(end, "=!+-:");
	if (op < 1 || op > 2)
		return false;
	memcpy(item->op, end, op);
	end += op;
	end += strspn(end, " \t");
	end += *end == 'e'; /* e"...": C escapes, which no value here needs */
	if (*end != '"')
		return false;
	s = ++end;
	while (*end && *end != '"')
		end += *end == '\\' && end[1] ? 2 : 1;
	if (!*end)
		return false;
	item->value = piece(s, end);
	*at = end + 1;
	return true;
}

/* "A|B" is either; each is a glob (udev(7)). */
static bool glob(const char *patterns, const char *s)
{
	autostrv char **list = NULL;

	if (!*patterns)
		return !*s;
	list = strv_split(patterns, "|");
	strv_foreach (pattern, list)
		if (fnmatch(pattern, s, 0) == 0)
			return true;
	return false;
}

/* -- values ---------------------------------------------------------------------------
 */

#define VALUE_SIZE 32
#define CLASS_DISPLAY 0x03

/* What sysfs has of a device: an attribute, or NULL where that is not known. */
static const char *attribute(
	const struct udev_keys *keys, const struct device *d, const char *name, char *buf)
{
	const struct {
		const char *attribute;
		int digits;
		int32_t id;
	} ids[] = {
		{ "vendor", 4, d->vendor },
		{ "device", 4, d->device },
		{ "subsystem_vendor", 4, d->subvendor },
		{ "subsystem_device", 4, d->subdevice },
		{ "class", 6, d->class },
	};

	if (streq(name, "driver_override") && d == keys->chain[0])
		return keys->driver_override ?: "(null)";
	if (streq(name, "sriov_numvfs") && d->vfs_total > 0)
		return "0"; /* as it is when it comes */
	if (streq(name, "boot_vga") && d->class >> 16 == CLASS_DISPLAY)
		return d->boot_vga ? "1" : "0";
	for (size_t i = 0; i < ARRAY_SIZE(ids); i++)
		if (ids[i].id >= 0 && streq(name, ids[i].attribute)) {
			(void)snprintf(buf, VALUE_SIZE, "0x%0*x", ids[i].digits,
				(unsigned)ids[i].id);
			return buf;
		}
	return NULL;
}

/* The event's own variables (pci_uevent() of the kernel), what the command line and rules
 * before this one set; "" for others. */
static const char *env_value(const struct udev_keys *keys, const char *name, char *buf)
{
	const struct device *d = keys->chain[0];

	for (size_t i = 0; keys->env && keys->env[i]; i += 2)
		if (streq(keys->env[i], name))
			return keys->env[i + 1];
	if (streq(name, "MODALIAS"))
		return d->modalias;
	if (streq(name, "PCI_SLOT_NAME"))
		return d->address;
	if (streq(name, "DRIVER"))
		return NULL;
	*buf = '\0';
	if (streq(name, "PCI_ID"))
		(void)snprintf(buf, VALUE_SIZE, "%04X:%04X", (unsigned)d->vendor,
			(unsigned)d->device);
	else if (streq(name, "PCI_SUBSYS_ID"))
		(void)snprintf(buf, VALUE_SIZE, "%04X:%04X", (unsigned)d->subvendor,
			(unsigned)d->subdevice);
	else if (streq(name, "PCI_CLASS"))
		(void)snprintf(buf, VALUE_SIZE, "%X", (unsigned)d->class);
	else if (keys->programs)
		return NULL;
	return buf;
}

void udev_set_env(struct udev_keys *keys, const char *name, const char *value)
{
	for (size_t i = 0; keys->env && keys->env[i]; i += 2)
		if (streq(keys->env[i], name)) {
			free(keys->env[i + 1]);
			keys->env[i + 1] = xstrdup(value);
			return;
		}
	strv_add(&keys->env, name);
	strv_add(&keys->env, value);
}

/* -- matches ------------------------------------------------------------------------- */

static enum udev_truth truth_of(bool holds)
{
	return holds ? UDEV_HOLDS : UDEV_FAILS;
}

static bool is_match(const struct udev_item *item)
{
	return item->op[1] == '=' && (item->op[0] == '=' || item->op[0] == '!');
}

static enum udev_truth matches(const struct udev_item *item, const char *value)
{
	if (!value)
		return UDEV_UNKNOWN;
	return truth_of(glob(item->value, value) == (item->op[0] == '='));
}

/* The event is "add". Those of "bind" and "change" come later, for a driver. */
static enum udev_truth action_holds(const struct udev_item *item)
{
	enum udev_truth added = matches(item, "add");

	if (added == UDEV_FAILS && item->op[0] == '=' &&
		(glob(item->value, "bind") || glob(item->value, "change")))
		return UDEV_UNKNOWN;
	return added;
}

/* TEST=="iommu_group": the one file whose presence is known of a device. */
static enum udev_truth test_holds(const struct device *d, const struct udev_item *item)
{
	const char *path = item->value;
	char own[64];

	(void)snprintf(own, sizeof(own), "[pci/%s]", d->address);
	path = after_prefix(path, own) ?: path;
	if (streq(path, "driver_override"))
		return truth_of(item->op[0] == '=');
	if (!streq(path, "iommu_group"))
		return UDEV_UNKNOWN;
	return truth_of((d->group >= 0) == (item->op[0] == '='));
}

static enum udev_truth import_holds(struct udev_keys *keys, const struct udev_item *item)
{
	const char *value;

	if (streq_null(item->attribute, "program")) {
		keys->programs = true;
		return UDEV_UNKNOWN;
	}
	if (!streq_null(item->attribute, "cmdline"))
		return UDEV_HOLDS;
	value = kargs_value(keys->words, item->value);
	if (value)
		udev_set_env(keys, item->value, *value ? value : "1");
	return truth_of(value);
}

static bool is_above(const char *key)
{
	return streq(key, "KERNELS") || streq(key, "SUBSYSTEMS") ||
	       streq(key, "DRIVERS") || streq(key, "ATTRS") || streq(key, "TAGS");
}

enum udev_truth udev_key_holds(struct udev_keys *keys, const struct udev_item *item)
{
	const struct device *d = keys->chain[0];
	char buf[VALUE_SIZE];

	if (streq(item->key, "IMPORT"))
		return import_holds(keys, item);
	if (streq(item->key, "PROGRAM"))
		return UDEV_UNKNOWN;
	if (streq(item->key, "TEST"))
		return test_holds(d, item);
	if (!is_match(item) || is_above(item->key))
		return UDEV_HOLDS;
	if (streq(item->key, "ACTION"))
		return action_holds(item);
	if (streq(item->key, "SUBSYSTEM"))
		return matches(item, "pci");
	if (streq(item->key, "KERNEL"))
		return matches(item, d->address);
	if (streq(item->key, "ENV") && item->attribute)
		return matches(item, env_value(keys, item->attribute, buf));
	if (streq(item->key, "ATTR") && item->attribute)
		return matches(item, attribute(keys, d, item->attribute, buf));
	if (streq(item->key, "NAME") || streq(item->key, "SYMLINK"))
		return UDEV_FAILS; /* PCI devices have none */
	return UDEV_UNKNOWN;
}

/* One of the matches that go up, for one device there. */
static enum udev_truth above_holds(const struct udev_keys *keys, const struct device *d,
	const struct udev_item *item)
{
	char buf[VALUE_SIZE];

	if (streq(item->key, "KERNELS"))
		return matches(item, d->address);
	if (streq(item->key, "SUBSYSTEMS"))
		return matches(item, "pci");
	if (streq(item->key, "ATTRS") && item->attribute)
		return matches(item, attribute(keys, d, item->attribute, buf));
	if (streq(item->key, "DRIVERS") && d != keys->chain[0])
		return matches(item, d->driver ?: "");
	return UDEV_UNKNOWN;
}

/* The root of the bus, "pci0000:00", has a name and nothing else. */
static enum udev_truth root_holds(
	const struct device *top, const struct udev_item *items, size_t n)
{
	enum udev_truth truth = UDEV_HOLDS;
	char name[32];

	(void)snprintf(name, sizeof(name), "pci%04x:%02x", top->at.domain, top->at.bus);
	for (size_t i = 0; i < n; i++)
		if (is_above(items[i].key) && is_match(&items[i])) {
			enum udev_truth one = matches(
				&items[i], streq(items[i].key, "KERNELS") ? name : "");

			truth = one < truth ? one : truth;
		}
	return truth;
}

enum udev_truth udev_above_holds(
	const struct udev_keys *keys, const struct udev_item *items, size_t n)
{
	enum udev_truth best = UDEV_FAILS;
	const struct device *const *d = keys->chain;

	for (; *d && best != UDEV_HOLDS; d++) {
		enum udev_truth truth = UDEV_HOLDS;

		for (size_t i = 0; i < n; i++)
			if (is_above(items[i].key) && is_match(&items[i])) {
				enum udev_truth one = above_holds(keys, *d, &items[i]);

				truth = one < truth ? one : truth;
			}
		best = truth > best ? truth : best;
	}
	if (best == UDEV_FAILS)
		best = root_holds(d[-1], items, n);
	return best;
}

/* -- substitutions ------------------------------------------------------------------- */

static const struct {
	const char *name, *letter;
} substitutions[] = {
	{ "$kernel", "%k" },
	{ "$name", "%D" },
	{ "$devpath", "%p" },
	{ "$sys", "%S" },
	{ "$number", "%n" },
	{ "$attr{", "%s{" },
	{ "$env{", "%E{" },
	{ "$$", "%%" },
};

/* Behind the substitution at s, its text in b; NULL where it is none that is known. */
static const char *put(const struct udev_keys *keys, const char *s, struct buf *b)
{
	const struct device *d = keys->chain[0];
	char value[VALUE_SIZE];
	const char *rest = NULL, *end, *text = NULL;
	autofree char *name = NULL;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(substitutions) && !rest; i++)
		rest = after_prefix(s, substitutions[i].name)
			       ?: after_prefix(s, substitutions[i].letter);
	if (!rest)
		return NULL;
	switch (i - 1) {
	case 0:
	case 1:
		buf_puts(b, d->address);
		return rest;
	case 2:
		buf_printf(b, "/devices/pci%04x:%02x/%s", d->at.domain, d->at.bus,
			d->address);
		return rest;
	case 3:
		buf_puts(b, "/sys");
		return rest;
	case 4:
		buf_printf(b, "%u", d->at.function);
		return rest;
	case 5:
	case 6:
		end = strchr(rest, '}');
		if (!end)
			return NULL;
		name = xstrndup(rest, (size_t)(end - rest));
		text = i - 1 == 5 ? attribute(keys, d, name, value)
				  : env_value(keys, name, value);
		if (text)
			buf_puts(b, text);
		return text ? end + 1 : NULL;
	default:
		buf_add(b, s, 1);
		return rest;
	}
}

char *udev_substitute(const struct udev_keys *keys, const char *value)
{
	struct buf b = { 0 };

	while (*value) {
		const char *rest =
			*value == '$' || *value == '%' ? put(keys, value, &b) : NULL;

		if (!rest)
			buf_add(&b, value, 1);
		value = rest ?: value + 1;
	}
	return buf_take(&b);
}
