// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/format/udev.h"
#include "core/base/buf.h"
#include "core/base/strv.h"
#include "core/format/kargs.h"

#include <fnmatch.h>

/* One item of a rule: KEY{attribute} OP "VALUE". */
struct item {
	char *key, *attribute, *value;
	char op[3];
};

struct machine {
	const struct device *device;
	char *const *tokens;
	char **env; /* names that IMPORT{cmdline} found, each followed by its value */
	char *skip_to; /* a label, while its rules are skipped */
	struct udev_override *ret;
};

static void item_done(struct item *item)
{
	free(item->key);
	free(item->attribute);
	free(item->value);
	*item = (struct item){ 0 };
}

static void machine_done(struct machine *m)
{
	strv_free(m->env);
	free(m->skip_to);
}

static char *piece(const char *from, const char *to)
{
	return xstrndup(from, (size_t)(to - from));
}

/* "[pci/ADDRESS]attribute" is the attribute of the device there: of this one, if so. */
static void strip_own(struct item *item, const struct device *d)
{
	char own[64];
	const char *rest;

	(void)snprintf(own, sizeof(own), "[pci/%s]", d->address);
	rest = item->attribute ? after_prefix(item->attribute, own) : NULL;
	if (rest)
		memmove(item->attribute, rest, strlen(rest) + 1);
}

/* The next item at *at; false at the line's end or where it is no rule. */
static bool next_item(const char **at, struct item *item)
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

/* What the device has under a key, "" where it has none, NULL where that is not known. */
static const char *udev_value_of(
	const struct machine *m, const struct item *item, char *buf)
{
	const struct device *d = m->device;
	const struct {
		const char *key, *attribute;
		int digits;
		int32_t id;
	} ids[] = {
		{ "ATTR", "vendor", 4, d->vendor },
		{ "ATTR", "device", 4, d->device },
		{ "ATTR", "subsystem_vendor", 4, d->subvendor },
		{ "ATTR", "subsystem_device", 4, d->subdevice },
		{ "ATTR", "class", 6, d->class },
	};
	const struct {
		const char *key, *value;
	} texts[] = {
		{ "ACTION", "add" },
		{ "SUBSYSTEM", "pci" },
		{ "KERNEL", d->address },
	};

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		if (streq(item->key, texts[i].key))
			return texts[i].value;
	if (streq(item->key, "ATTR") && streq_null(item->attribute, "driver_override"))
		return m->ret->driver ?: "(null)"; /* what rules before this one set */
	if (streq(item->key, "ENV") && item->attribute) {
		for (size_t i = 0; m->env && m->env[i]; i += 2)
			if (streq(m->env[i], item->attribute))
				return m->env[i + 1];
		return streq(item->attribute, "MODALIAS") ? d->modalias : "";
	}
	for (size_t i = 0; i < ARRAY_SIZE(ids); i++)
		if (streq(item->key, ids[i].key) && ids[i].id >= 0 &&
			streq_null(item->attribute, ids[i].attribute)) {
			(void)snprintf(
				buf, 16, "0x%0*x", ids[i].digits, (unsigned)ids[i].id);
			return buf;
		}
	return NULL;
}

/* TEST=="iommu_group": the one file whose presence is known of a device. */
static bool tests_group(const struct device *d, const char *path)
{
	char own[64];

	(void)snprintf(own, sizeof(own), "[pci/%s]", d->address);
	return streq(after_prefix(path, own) ?: path, "iommu_group");
}

/* Whether a match ("==", "!=", or an IMPORT of the command line) holds; other items do.
 */
static bool udev_holds(struct machine *m, const struct item *item)
{
	char buf[16];
	const char *value;

	if (streq(item->key, "IMPORT") && streq_null(item->attribute, "cmdline")) {
		value = kargs_value(m->tokens, item->value);
		if (value) {
			strv_add(&m->env, item->value);
			strv_add(&m->env, *value ? value : "1");
		}
		return value;
	}
	if (streq(item->key, "TEST"))
		return tests_group(m->device, item->value) &&
		       (m->device->group >= 0) == (item->op[0] == '=');
	if (item->op[1] != '=' || (item->op[0] != '=' && item->op[0] != '!'))
		return true;
	value = udev_value_of(m, item, buf);
	return value && glob(item->value, value) == (item->op[0] == '=');
}

static void replace(char **at, const char *value)
{
	free(*at);
	*at = xstrdup(value);
}

/* What an item does once its whole rule holds. */
static void act(struct machine *m, const struct item *item)
{
	if (streq(item->key, "GOTO")) {
		replace(&m->skip_to, item->value);
		return;
	}
	if (!streq(item->key, "ATTR") || !item->attribute || streq(item->op, "==") ||
		item->op[0] == '!')
		return;
	if (streq(item->attribute, "[subsystem/pci]drivers_probe"))
		m->ret->probes = true;
	if (streq(item->attribute, "driver_override"))
		replace(&m->ret->driver, item->value);
}

/* A rule is one line: all its matches hold before any of its items acts. */
static void run_rule(struct machine *m, const char *line)
{
	bool holding = true;

	for (int pass = 0; pass < 2 && holding; pass++) {
		const char *at = line;

		for (;;) {
			CLEANUP(item_done) struct item item = { 0 };

			if (!next_item(&at, &item))
				break;
			strip_own(&item, m->device);
			if (m->skip_to && streq(item.key, "LABEL") &&
				streq(item.value, m->skip_to)) {
				free(TAKE(m->skip_to));
			}
			if (m->skip_to && pass == 0)
				holding = false;
			else if (pass == 0)
				holding &= udev_holds(m, &item);
			else
				act(m, &item);
		}
	}
}

void udev_override(const char *text, const struct device *d, char *const *tokens,
	struct udev_override *ret)
{
	CLEANUP(machine_done)
	struct machine m = { .device = d, .tokens = tokens, .ret = ret };

	if (!text || !strstr(text, "driver_override"))
		return;
	while (*text) {
		autobuf struct buf line = { 0 };
		const char *end;

		/* A backslash at its end continues a line. */
		for (;;) {
			end = text + strcspn(text, "\n");
			if (end == text || end[-1] != '\\' || !*end)
				break;
			buf_add(&line, text, (size_t)(end - 1 - text));
			text = end + 1;
		}
		buf_add(&line, text, (size_t)(end - text));
		text = end + (*end == '\n');
		if (line.s && line.s[strspn(line.s, " \t")] != '#')
			run_rule(&m, line.s);
	}
}
