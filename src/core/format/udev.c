// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/format/udev.h"
#include "core/base/buf.h"
#include "core/base/strv.h"
#include "core/base/text.h"
#include "core/format/modprobe.h"
#include "core/format/names.h"
#include "core/format/udevkeys.h"

struct machine {
	const struct script *script;
	struct udev_keys keys;
	char *skip_to; /* a label, while its rules are skipped */
	bool perhaps; /* whether they are is not known */
	bool concerned; /* the rule itself names a device, or a way to bind one */
	size_t line;
	struct udev_override *ret;
	struct acts *acts;
};

static void machine_done(struct machine *m)
{
	strv_free(m->keys.env);
	free(m->skip_to);
}

static void replace(char **at, const char *value)
{
	free(*at);
	*at = xstrdup(value);
}

static struct act *add(struct machine *m, enum act_kind kind)
{
	struct act *act = acts_add(m->acts);

	act->kind = kind;
	act->stage = ACT_UDEV;
	act->path = m->script->path;
	act->line = m->line;
	act->address = xstrdup(m->keys.chain[0]->address);
	act->rule = true;
	return act;
}

/* -- what an item does --------------------------------------------------------------- */

static bool is_assigned(const struct udev_item *item)
{
	return !streq(item->op, "==") && item->op[0] != '!';
}

static bool is_attribute(const struct udev_item *item, const char *name)
{
	return streq(item->key, "ATTR") && streq_null(item->attribute, name);
}

/* The kernel's own way: the rule's device is probed, or another of its bus. */
static bool is_probe(const struct udev_item *item)
{
	return is_attribute(item, "[subsystem/pci]drivers_probe") ||
	       is_attribute(item, "subsystem/drivers_probe");
}

static bool runs(const struct udev_item *item)
{
	return streq(item->key, "RUN") || streq(item->key, "PROGRAM") ||
	       (streq(item->key, "IMPORT") && streq_null(item->attribute, "program"));
}

/* That udev puts the device's name into a line says nothing of what the program does. */
static bool is_idle(const struct machine *m, const struct act *act)
{
	return !m->concerned && act->kind == ACT_UNCLEAR && act->line == m->line &&
	       act->path == m->script->path;
}

/* A line of a program: what udev puts in is put in. */
static void run_program(struct machine *m, const struct udev_item *item, bool certain)
{
	autofree char *command = udev_substitute(&m->keys, item->value);
	struct script script = *m->script;
	struct acts found = { 0 };

	script.stage = ACT_UDEV;
	script_read_program(&script, command, m->line, &found);
	for (size_t i = 0; i < found.n; i++) {
		struct act *act = acts_add(m->acts);

		if (is_idle(m, &found.list[i])) {
			m->acts->n--;
			act_done(&found.list[i]);
			continue;
		}
		*act = found.list[i];
		if (!certain)
			act->kind = ACT_UNCLEAR;
		if (!act->address && !act->id && !act->interface &&
			act->kind ==
				ACT_UNCLEAR) /* of the devices that the rule is for */
			act->address = xstrdup(m->keys.chain[0]->address);
	}
	free(found.list);
}

static void run_builtin(struct machine *m, const struct udev_item *item)
{
	const char *module = after_prefix(item->value, "kmod load ");

	if (module && module_name_equal(module, "vfio-pci")) {
		struct act *act = add(m, ACT_LOAD);

		free(TAKE(act->address));
		act->driver = xstrdup("vfio-pci");
	}
}

static void set_driver(struct machine *m, const struct udev_item *item)
{
	replace(&m->ret->driver, item->value);
	if (m->acts && strpbrk(item->value, "$%"))
		add(m, ACT_UNCLEAR);
	else if (m->acts)
		add(m, ACT_OVERRIDE)->driver = *item->value ? xstrdup(item->value) : NULL;
}

/* What an item does once its whole rule holds. */
static void act(struct machine *m, const struct udev_item *item)
{
	if (streq(item->key, "GOTO")) {
		replace(&m->skip_to, item->value);
		m->perhaps = false;
	} else if (m->acts && streq_null(item->attribute, "builtin") &&
		   streq(item->key, "RUN")) {
		run_builtin(m, item);
	} else if (m->acts && runs(item)) {
		run_program(m, item, true);
	} else if (!is_assigned(item)) {
		return;
	} else if (streq(item->key, "ENV") && item->attribute) {
		udev_set_env(&m->keys, item->attribute, item->value);
	} else if (is_probe(item)) {
		m->ret->probes = true;
		if (m->acts)
			add(m, ACT_PROBE);
	} else if (is_attribute(item, "driver_override")) {
		set_driver(m, item);
	} else if (is_attribute(item, "driver/unbind") && m->acts) {
		add(m, ACT_UNBIND)->rule = false; /* nobody else knows of it */
	} else if (is_attribute(item, "sriov_numvfs") && m->acts &&
		   !item->value[strspn(item->value, "0123456789")]) {
		add(m, ACT_VFS)->number = strtol(item->value, NULL, 10);
	}
}

/* The same, of a rule of which is not known whether it holds. */
static void act_perhaps(struct machine *m, const struct udev_item *item)
{
	if (streq(item->key, "GOTO")) {
		if (!m->skip_to || m->perhaps) {
			replace(&m->skip_to, item->value);
			m->perhaps = true;
		}
	} else if (!m->acts) {
		return;
	} else if (runs(item) && !streq_null(item->attribute, "builtin")) {
		run_program(m, item, false);
	} else if (is_assigned(item) &&
		   (is_probe(item) || is_attribute(item, "driver_override") ||
			   is_attribute(item, "driver/unbind"))) {
		add(m, ACT_UNCLEAR);
	}
}

/* -- rules ----------------------------------------------------------------------------
 */

static enum udev_truth both(enum udev_truth a, enum udev_truth b)
{
	return a < b ? a : b;
}

static enum udev_truth whole_rule(
	struct machine *m, const struct udev_item *items, size_t n)
{
	enum udev_truth truth = UDEV_HOLDS;

	for (size_t i = 0; i < n; i++)
		if (streq(items[i].key, "LABEL") &&
			streq_null(items[i].value, m->skip_to)) {
			free(TAKE(m->skip_to));
			m->perhaps = false;
		}
	if (m->skip_to && !m->perhaps)
		return UDEV_FAILS;
	m->keys.driver_override = m->ret->driver;
	for (size_t i = 0; i < n && truth != UDEV_FAILS; i++)
		truth = both(truth, udev_key_holds(&m->keys, &items[i]));
	if (truth != UDEV_FAILS)
		truth = both(truth, udev_above_holds(&m->keys, items, n));
	if (m->perhaps && truth == UDEV_HOLDS)
		truth = UDEV_UNKNOWN;
	return truth;
}

/* A rule is one line: all its matches hold before any of its items acts. */
static void run_rule(struct machine *m, const char *line)
{
	CLEANUP(names_done) struct names names = { 0 };
	struct udev_item *items = NULL;
	size_t n = 0;
	enum udev_truth truth;

	for (const char *at = line;;) {
		struct udev_item item = { 0 };

		if (!udev_next_item(&at, &item)) {
			udev_item_done(&item);
			break;
		}
		udev_strip_own(&m->keys, &item);
		GROW(items, n);
		items[n++] = item;
	}
	truth = whole_rule(m, items, n);
	if (m->acts && truth != UDEV_FAILS)
		names_find(line, &names);
	m->concerned = names.matters || names.addresses;
	for (size_t i = 0; i < n; i++) {
		if (truth == UDEV_HOLDS)
			act(m, &items[i]);
		else if (truth == UDEV_UNKNOWN)
			act_perhaps(m, &items[i]);
		udev_item_done(&items[i]);
	}
	free(items);
}

bool udev_speaks(const char *text)
{
	static const char *const words[] = { "driver_override", "vfio-pci", "vfio_pci",
		"new_id", "drivers_probe", "sriov_numvfs", "bind", "/usr/local/", "/opt/",
		"/root/", "/home/", "/etc/" };

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (strstr(text, words[i]))
			return true;
	return false;
}

void udev_read(const struct script *script, const char *text,
	const struct udev_device *device, struct udev_override *ret, struct acts *acts)
{
	CLEANUP(machine_done)
	struct machine m = { .script = script,
		.keys = { .chain = device->chain, .words = device->words },
		.ret = ret,
		.acts = acts };
	size_t line = 1;

	if (!text || (!acts && !strstr(text, "driver_override")))
		return;
	while (*text) {
		autobuf struct buf rule = { 0 };
		const char *end;

		m.line = line;
		/* A backslash at its end continues a line. */
		for (;; line++) {
			end = text + strcspn(text, "\n");
			if (end == text || end[-1] != '\\' || !*end)
				break;
			buf_add(&rule, text, (size_t)(end - 1 - text));
			text = end + 1;
		}
		buf_add(&rule, text, (size_t)(end - text));
		text = end + (*end == '\n');
		line++;
		if (rule.s && rule.s[strspn(rule.s, " \t")] != '#')
			run_rule(&m, rule.s);
	}
}
